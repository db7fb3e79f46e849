import { getSchedules } from "@/lib/api/operations/schedules";
import { route } from "@/lib/api/route";

export const GET = route(getSchedules);
