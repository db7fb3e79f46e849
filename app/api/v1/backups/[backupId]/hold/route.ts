import { putHold } from "@/lib/api/operations/backups";
import { route } from "@/lib/api/route";

export const PUT = route(putHold);
