import { deleteSchedule, getSchedule, putSchedule } from "@/lib/api/operations/schedules";
import { route } from "@/lib/api/route";

export const GET = route(getSchedule);
export const PUT = route(putSchedule);
export const DELETE = route(deleteSchedule);
