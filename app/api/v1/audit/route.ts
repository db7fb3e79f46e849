import { getAudit } from "@/lib/api/operations/audit";
import { route } from "@/lib/api/route";

export const GET = route(getAudit);
