import { getPlan } from "@/lib/api/operations/restores";
import { route } from "@/lib/api/route";

export const GET = route(getPlan);
