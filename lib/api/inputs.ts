import { z } from "zod";

/** Members that several operations share. Numbers in a path or a query arrive as text. */
export const Nothing = z.object({});
export const DatabaseId = z.object({ databaseId: z.string().max(100) });
export const BackupId = z.object({ backupId: z.string().max(100) });
export const RestoreId = z.object({ restoreId: z.string().max(100) });
export const RunId = z.object({ runId: z.coerce.number().int().positive().max(2 ** 31) });
export const PlanRunId = z.object({ planRunId: z.coerce.number().int().positive().max(2 ** 31) });
export const Paged = z.object({ page: z.coerce.number().int().min(1).max(1_000_000).default(1) });
export const ofDatabase = { databaseId: z.string().max(100).optional().describe("Only those of one database. A token that is limited to certain databases must name one.") };
