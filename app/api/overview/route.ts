import { handler } from "@/lib/auth/handler";
import { readOverview } from "@/lib/monitoring/read";

/** The overview's data, asked again every few seconds while it is open. */
export const GET = handler({ role: "viewer", attempt: "overview.read" }, readOverview);
