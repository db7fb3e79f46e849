import { postDisasterDrill } from "@/lib/api/operations/drills";
import { route } from "@/lib/api/route";

export const POST = route(postDisasterDrill);
