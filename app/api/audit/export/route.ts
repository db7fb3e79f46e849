import { exportAudit } from "@/lib/audit/export";
import { AuditExportParams } from "@/lib/audit/search-params";
import { handler } from "@/lib/auth/handler";

/** The audit log as a file, with the filters of the page. */
export const GET = handler({ role: "viewer", attempt: "audit.export", input: AuditExportParams }, async (ctx, params) => exportAudit(ctx, params));
