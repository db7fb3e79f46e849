-- CreateTable
CREATE TABLE "Restore" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "runId" INTEGER NOT NULL,
    "databaseId" TEXT NOT NULL,
    "backupId" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "targetName" TEXT NOT NULL,
    "stagingName" TEXT,
    "restoredOid" TEXT,
    "previousOid" TEXT,
    "keptName" TEXT,
    "keptBytes" BIGINT,
    "keptUntil" DATETIME,
    "keptRemovedAt" DATETIME,
    "stopped" TEXT,
    "startedAt" DATETIME NOT NULL,
    "swappedAt" DATETIME,
    "undoneAt" DATETIME,
    "finishedAt" DATETIME,
    "totalMs" INTEGER,
    "downtimeMs" INTEGER,
    "outcome" TEXT,
    CONSTRAINT "Restore_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Restore_databaseId_fkey" FOREIGN KEY ("databaseId") REFERENCES "Database" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Restore_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TableRestore" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "runId" INTEGER NOT NULL,
    "databaseId" TEXT NOT NULL,
    "backupId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "stagingName" TEXT NOT NULL,
    "tables" TEXT NOT NULL,
    "comparison" TEXT,
    "applied" TEXT,
    "startedAt" DATETIME NOT NULL,
    "stagedMs" INTEGER,
    "appliedMs" INTEGER,
    "keptUntil" DATETIME,
    "removedAt" DATETIME,
    CONSTRAINT "TableRestore_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "TableRestore_databaseId_fkey" FOREIGN KEY ("databaseId") REFERENCES "Database" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "TableRestore_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Look" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "backupId" TEXT NOT NULL,
    "runId" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "container" TEXT,
    "openedById" TEXT,
    "openedBy" TEXT NOT NULL,
    "openedAt" DATETIME NOT NULL,
    "lastUsedAt" DATETIME NOT NULL,
    "closesAt" DATETIME NOT NULL,
    "closedAt" DATETIME,
    "problem" TEXT,
    CONSTRAINT "Look_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Drill" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "runId" INTEGER NOT NULL,
    "databaseId" TEXT,
    "backupId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "outcome" TEXT,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    "totalMs" INTEGER,
    "phases" TEXT,
    "report" TEXT,
    CONSTRAINT "Drill_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Drill_databaseId_fkey" FOREIGN KEY ("databaseId") REFERENCES "Database" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Drill_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "DrillCheck" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "databaseId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "expected" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" DATETIME,
    CONSTRAINT "DrillCheck_databaseId_fkey" FOREIGN KEY ("databaseId") REFERENCES "Database" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ObjectiveChange" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "databaseId" TEXT NOT NULL,
    "objective" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "from" DATETIME NOT NULL,
    "changedBy" TEXT NOT NULL,
    CONSTRAINT "ObjectiveChange_databaseId_fkey" FOREIGN KEY ("databaseId") REFERENCES "Database" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabledAt" DATETIME,
    "mayRestore" BOOLEAN NOT NULL DEFAULT false
);
INSERT INTO "new_User" ("createdAt", "disabledAt", "email", "id", "name", "passwordHash", "role") SELECT "createdAt", "disabledAt", "email", "id", "name", "passwordHash", "role" FROM "User";
DROP TABLE "User";
ALTER TABLE "new_User" RENAME TO "User";
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE TABLE "new_Database" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "fileName" TEXT NOT NULL,
    "container" TEXT NOT NULL,
    "databaseName" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "storeId" TEXT NOT NULL,
    "systemIdentifier" TEXT,
    "databaseOid" TEXT,
    "serverVersion" TEXT,
    "image" TEXT,
    "sizeBytes" BIGINT,
    "objectiveRpoSeconds" INTEGER NOT NULL DEFAULT 86400,
    "objectiveRtoSeconds" INTEGER NOT NULL DEFAULT 300,
    "objectiveTableSeconds" INTEGER NOT NULL DEFAULT 120,
    "objectivePointInTimeSeconds" INTEGER NOT NULL DEFAULT 600,
    "options" TEXT NOT NULL,
    "application" TEXT,
    "drillPolicy" TEXT,
    "lastCheck" TEXT,
    "checkedAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" DATETIME,
    CONSTRAINT "Database_storeId_fkey" FOREIGN KEY ("storeId") REFERENCES "Store" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
INSERT INTO "new_Database" ("checkedAt", "container", "createdAt", "databaseName", "databaseOid", "fileName", "id", "image", "lastCheck", "name", "objectiveRpoSeconds", "objectiveRtoSeconds", "options", "removedAt", "role", "serverVersion", "sizeBytes", "storeId", "systemIdentifier") SELECT "checkedAt", "container", "createdAt", "databaseName", "databaseOid", "fileName", "id", "image", "lastCheck", "name", "objectiveRpoSeconds", "objectiveRtoSeconds", "options", "removedAt", "role", "serverVersion", "sizeBytes", "storeId", "systemIdentifier" FROM "Database";
DROP TABLE "Database";
ALTER TABLE "new_Database" RENAME TO "Database";
CREATE UNIQUE INDEX "Database_name_key" ON "Database"("name");
CREATE UNIQUE INDEX "Database_fileName_key" ON "Database"("fileName");
CREATE TABLE "new_Backup" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "databaseId" TEXT,
    "databaseName" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "takenAt" DATETIME NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "databaseBytes" BIGINT,
    "rows" BIGINT,
    "tables" INTEGER,
    "isPartial" BOOLEAN NOT NULL DEFAULT false,
    "serverVersion" TEXT,
    "toolVersion" TEXT,
    "label" TEXT,
    "note" TEXT,
    "keep" BOOLEAN NOT NULL DEFAULT false,
    "initiatorKind" TEXT NOT NULL,
    "initiatorName" TEXT NOT NULL,
    "rung" INTEGER NOT NULL,
    "storedAt" DATETIME,
    "storedMs" INTEGER,
    "intactAt" DATETIME,
    "intactMs" INTEGER,
    "readableAt" DATETIME,
    "readableMs" INTEGER,
    "provenAt" DATETIME,
    "provenMs" INTEGER,
    "problem" TEXT,
    "deletedAt" DATETIME,
    "convertedFromId" TEXT,
    CONSTRAINT "Backup_databaseId_fkey" FOREIGN KEY ("databaseId") REFERENCES "Database" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Backup_convertedFromId_fkey" FOREIGN KEY ("convertedFromId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
INSERT INTO "new_Backup" ("databaseBytes", "databaseId", "databaseName", "deletedAt", "format", "id", "initiatorKind", "initiatorName", "intactAt", "intactMs", "isPartial", "keep", "label", "note", "origin", "problem", "provenAt", "provenMs", "readableAt", "readableMs", "rows", "rung", "serverVersion", "sizeBytes", "storedAt", "storedMs", "tables", "takenAt", "toolVersion") SELECT "databaseBytes", "databaseId", "databaseName", "deletedAt", "format", "id", "initiatorKind", "initiatorName", "intactAt", "intactMs", "isPartial", "keep", "label", "note", "origin", "problem", "provenAt", "provenMs", "readableAt", "readableMs", "rows", "rung", "serverVersion", "sizeBytes", "storedAt", "storedMs", "tables", "takenAt", "toolVersion" FROM "Backup";
DROP TABLE "Backup";
ALTER TABLE "new_Backup" RENAME TO "Backup";
CREATE INDEX "Backup_deletedAt_takenAt_idx" ON "Backup"("deletedAt", "takenAt");
CREATE INDEX "Backup_databaseId_deletedAt_takenAt_idx" ON "Backup"("databaseId", "deletedAt", "takenAt");
CREATE INDEX "Backup_databaseId_rung_takenAt_idx" ON "Backup"("databaseId", "rung", "takenAt");
CREATE INDEX "Backup_deletedAt_sizeBytes_idx" ON "Backup"("deletedAt", "sizeBytes");
CREATE INDEX "Backup_deletedAt_rows_idx" ON "Backup"("deletedAt", "rows");
CREATE INDEX "Backup_deletedAt_problem_rung_takenAt_idx" ON "Backup"("deletedAt", "problem", "rung", "takenAt");
CREATE INDEX "Backup_deletedAt_initiatorKind_takenAt_idx" ON "Backup"("deletedAt", "initiatorKind", "takenAt");
CREATE INDEX "Backup_deletedAt_databaseName_takenAt_idx" ON "Backup"("deletedAt", "databaseName", "takenAt");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE UNIQUE INDEX "Restore_runId_key" ON "Restore"("runId");

-- CreateIndex
CREATE INDEX "Restore_databaseId_startedAt_idx" ON "Restore"("databaseId", "startedAt");

-- CreateIndex
CREATE INDEX "Restore_state_idx" ON "Restore"("state");

-- CreateIndex
CREATE INDEX "Restore_keptUntil_idx" ON "Restore"("keptUntil");

-- CreateIndex
CREATE UNIQUE INDEX "TableRestore_runId_key" ON "TableRestore"("runId");

-- CreateIndex
CREATE INDEX "TableRestore_databaseId_startedAt_idx" ON "TableRestore"("databaseId", "startedAt");

-- CreateIndex
CREATE INDEX "TableRestore_state_idx" ON "TableRestore"("state");

-- CreateIndex
CREATE UNIQUE INDEX "Look_runId_key" ON "Look"("runId");

-- CreateIndex
CREATE INDEX "Look_state_idx" ON "Look"("state");

-- CreateIndex
CREATE INDEX "Look_backupId_openedAt_idx" ON "Look"("backupId", "openedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Drill_runId_key" ON "Drill"("runId");

-- CreateIndex
CREATE INDEX "Drill_databaseId_startedAt_idx" ON "Drill"("databaseId", "startedAt");

-- CreateIndex
CREATE INDEX "Drill_backupId_startedAt_idx" ON "Drill"("backupId", "startedAt");

-- CreateIndex
CREATE INDEX "Drill_outcome_startedAt_idx" ON "Drill"("outcome", "startedAt");

-- CreateIndex
CREATE INDEX "DrillCheck_databaseId_removedAt_idx" ON "DrillCheck"("databaseId", "removedAt");

-- CreateIndex
CREATE INDEX "ObjectiveChange_databaseId_objective_from_idx" ON "ObjectiveChange"("databaseId", "objective", "from");



-- What a target was is never rewritten.
CREATE TRIGGER "ObjectiveChange_no_update" BEFORE UPDATE ON "ObjectiveChange" BEGIN SELECT RAISE(ABORT, 'objectives are append-only'); END;
CREATE TRIGGER "ObjectiveChange_no_delete" BEFORE DELETE ON "ObjectiveChange" BEGIN SELECT RAISE(ABORT, 'objectives are append-only'); END;

-- Databases that were there before have had the targets they have now since they were registered.
INSERT INTO "ObjectiveChange" ("databaseId", "objective", "seconds", "from", "changedBy")
SELECT "id", 'rpo', "objectiveRpoSeconds", "createdAt", 'Holdfast' FROM "Database"
UNION ALL SELECT "id", 'rto', "objectiveRtoSeconds", "createdAt", 'Holdfast' FROM "Database"
UNION ALL SELECT "id", 'table', "objectiveTableSeconds", "createdAt", 'Holdfast' FROM "Database"
UNION ALL SELECT "id", 'point_in_time', "objectivePointInTimeSeconds", "createdAt", 'Holdfast' FROM "Database";
