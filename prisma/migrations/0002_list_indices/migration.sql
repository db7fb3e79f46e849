-- CreateIndex
CREATE INDEX "Run_interactive_status_id_idx" ON "Run"("interactive", "status", "id");

-- CreateIndex
CREATE INDEX "Run_interactive_kind_id_idx" ON "Run"("interactive", "kind", "id");

-- CreateIndex
CREATE INDEX "Backup_deletedAt_problem_rung_takenAt_idx" ON "Backup"("deletedAt", "problem", "rung", "takenAt");

-- CreateIndex
CREATE INDEX "Backup_deletedAt_initiatorKind_takenAt_idx" ON "Backup"("deletedAt", "initiatorKind", "takenAt");

-- CreateIndex
CREATE INDEX "Backup_deletedAt_databaseName_takenAt_idx" ON "Backup"("deletedAt", "databaseName", "takenAt");



-- CreateIndex
CREATE INDEX "Copy_storeId_missingAt_storedAt_idx" ON "Copy"("storeId", "missingAt", "storedAt");
