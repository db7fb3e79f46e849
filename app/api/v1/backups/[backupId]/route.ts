import { deleteBackup, getBackup } from "@/lib/api/operations/backups";
import { route } from "@/lib/api/route";

export const GET = route(getBackup);
export const DELETE = route(deleteBackup);
