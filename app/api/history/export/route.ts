import { handler } from "@/lib/auth/handler";
import { exportHistory } from "@/lib/history/export";
import { HistoryExportParams } from "@/lib/history/search-params";

/** The figures of the history as a CSV file, for the database and range of the page. */
export const GET = handler({ role: "viewer", attempt: "history.export", input: HistoryExportParams }, async (ctx, params) => exportHistory(ctx, params));
