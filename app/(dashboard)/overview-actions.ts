"use server";

import { action } from "@/lib/action";
import { StartBackupInput } from "@/lib/backup/schemas";
import { startBackup } from "@/lib/backup/start";

export const startBackupAction = action({ name: "backup.start", input: StartBackupInput, role: "operator" }, startBackup);
