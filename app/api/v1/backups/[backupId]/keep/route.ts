import { putKeep } from "@/lib/api/operations/backups";
import { route } from "@/lib/api/route";

export const PUT = route(putKeep);
