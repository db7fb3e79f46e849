import { z } from "zod";

const AbsolutePath = z.string().trim().min(1, "Name a directory.").max(1_000).refine((path) => path.startsWith("/"), "Write the whole path, starting with /.").refine((path) => !path.includes("\0"), "A path cannot contain a zero byte.");

export const AddStoreInput = z.object({ name: z.string().trim().min(1, "Give the store a name.").max(60), path: AbsolutePath });
export const UpdateStoreInput = z.object({ storeId: z.string(), name: z.string().trim().min(1).max(60), path: AbsolutePath });
export const StoreIdInput = z.object({ storeId: z.string() });

/** The result of a `check_store` run: a real object was written, read back, compared and deleted. */
export const StoreCheck = z.object({
  path: z.string(),
  outcome: z.enum(["passed", "failed"]),
  detail: z.string(),
  totalBytes: z.number().nullable(),
  freeBytes: z.number().nullable(),
  /** True when the store lies on the same device as Docker's data, so one broken disk takes both. */
  sharesDisk: z.boolean().nullable(),
});
export type StoreCheck = z.output<typeof StoreCheck>;

/** The result of a `rescan_store` run. */
export const RescanResult = z.object({ files: z.number().int(), known: z.number().int(), added: z.number().int(), missing: z.number().int(), foreign: z.number().int(), ignored: z.number().int() });
export type RescanResult = z.output<typeof RescanResult>;
