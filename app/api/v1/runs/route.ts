import { getRuns } from "@/lib/api/operations/runs";
import { route } from "@/lib/api/route";

export const GET = route(getRuns);
