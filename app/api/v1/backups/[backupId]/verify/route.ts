import { verifyBackup } from "@/lib/api/operations/backups";
import { route } from "@/lib/api/route";

export const POST = route(verifyBackup);
