import "server-only";
import { z } from "zod";
import { exportAudit, recordExport } from "@/lib/audit/export";
import { listAudit } from "@/lib/audit/list";
import { auditActions, auditOutcomes } from "@/lib/audit/schemas";
import { AuditExportParams, AuditParams, auditRanges } from "@/lib/audit/search-params";
import { AuditAnswer, AuditFile } from "../answers";
import { ofDatabase, Paged } from "../inputs";
import { namedDatabase } from "../named-database";
import { operation } from "../operation";

const filters = {
  ...ofDatabase,
  q: z.string().max(200).optional().describe("In the sentence."),
  who: z.string().max(200).optional(),
  action: z.enum(auditActions).optional(),
  outcome: z.enum(auditOutcomes).optional(),
  range: z.enum(auditRanges).optional(),
};

export const getAudit = operation(
  { attempt: "audit.list", method: "GET", path: "/audit", summary: "Entries of the audit log, the newest first, 25 on a page", scope: "read", input: Paged.extend(filters), answer: AuditAnswer },
  async (ctx, { databaseId, ...rest }) => listAudit(ctx, AuditParams.parse({ ...rest, database: namedDatabase(ctx, databaseId) ?? undefined })),
);

export const getAuditExport = operation(
  { attempt: "audit.export", method: "GET", path: "/audit/export", summary: "The audit log as a file with all hashes. Leaves an entry of its own", scope: "read", input: z.object({ ...filters, format: z.enum(["csv", "json"]).default("json") }), answer: AuditFile },
  async (ctx, { databaseId, ...rest }) => {
    const params = AuditExportParams.parse({ ...rest, database: namedDatabase(ctx, databaseId) ?? undefined });
    await recordExport(ctx, params);
    return exportAudit(ctx, params);
  },
);
