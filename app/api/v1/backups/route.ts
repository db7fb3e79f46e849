import { getBackups, postBackup } from "@/lib/api/operations/backups";
import { route } from "@/lib/api/route";

export const GET = route(getBackups);
export const POST = route(postBackup);
