import { postPause } from "@/lib/api/operations/schedules";
import { route } from "@/lib/api/route";

export const POST = route(postPause);
