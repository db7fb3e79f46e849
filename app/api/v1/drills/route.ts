import { getDrills, postDrill } from "@/lib/api/operations/drills";
import { route } from "@/lib/api/route";

export const GET = route(getDrills);
export const POST = route(postDrill);
