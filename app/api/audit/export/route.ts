import { exportAudit, recordExport } from "@/lib/audit/export";
import { AuditExportParams } from "@/lib/audit/search-params";
import { handler } from "@/lib/auth/handler";

/** The audit log as a file, with the filters of the page. */
export const GET = handler({ role: "viewer", attempt: "audit.export", input: AuditExportParams }, async (ctx, params) => {
  await recordExport(ctx, params);
  return exportAudit(ctx, params);
});
