"use server";

import { action } from "@/lib/action";
import { describeBackup, holdBackup, keepBackup, startDeleteBackup, startVerifyBackup } from "@/lib/backup/change";
import { BackupIdInput, DeleteBackupInput, DescribeBackupInput, KeepBackupInput, StartBackupInput } from "@/lib/backup/schemas";
import { LegalHoldInput } from "@/lib/retention/schemas";
import { startBackup } from "@/lib/backup/start";
import { startRescanStore } from "@/lib/stores/manage";
import { StoreIdInput } from "@/lib/stores/schemas";
import { prepareUpload } from "@/lib/upload/receive";
import { PrepareUploadInput } from "@/lib/upload/schemas";

export const startBackupAction = action({ name: "backup.start", input: StartBackupInput, role: "operator" }, startBackup);
export const verifyBackupAction = action({ name: "backup.verify", input: BackupIdInput, role: "operator" }, startVerifyBackup);
export const keepBackupAction = action({ name: "backup.keep", input: KeepBackupInput, role: "operator" }, keepBackup);
export const holdBackupAction = action({ name: "backup.hold", input: LegalHoldInput, role: "admin" }, holdBackup);
export const describeBackupAction = action({ name: "backup.describe", input: DescribeBackupInput, role: "operator" }, describeBackup);
export const deleteBackupAction = action({ name: "backup.delete", input: DeleteBackupInput, role: "admin" }, startDeleteBackup);
export const prepareUploadAction = action({ name: "backup.upload", input: PrepareUploadInput, role: "admin" }, prepareUpload);
export const rescanStoreAction = action({ name: "store.rescan", input: StoreIdInput, role: "operator" }, startRescanStore);
