-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabledAt" DATETIME
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME NOT NULL,
    "revokedAt" DATETIME,
    "origin" TEXT NOT NULL,
    "userAgent" TEXT NOT NULL,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SignInThrottle" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "failures" INTEGER NOT NULL,
    "lastFailureAt" DATETIME NOT NULL,
    "lockedUntil" DATETIME
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Worker" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "startedAt" DATETIME NOT NULL,
    "heartbeatAt" DATETIME NOT NULL,
    "stoppedAt" DATETIME,
    "engineVersion" TEXT,
    "engineProblem" TEXT
);

-- CreateTable
CREATE TABLE "Store" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" DATETIME,
    "checkedAt" DATETIME,
    "problem" TEXT,
    "totalBytes" BIGINT,
    "freeBytes" BIGINT
);

-- CreateTable
CREATE TABLE "Database" (
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
    "options" TEXT NOT NULL,
    "lastCheck" TEXT,
    "checkedAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" DATETIME,
    CONSTRAINT "Database_storeId_fkey" FOREIGN KEY ("storeId") REFERENCES "Store" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Run" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "databaseId" TEXT,
    "backupId" TEXT,
    "input" TEXT NOT NULL,
    "result" TEXT,
    "error" TEXT,
    "initiatorKind" TEXT NOT NULL,
    "initiatorId" TEXT,
    "initiatorName" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "queuedAt" DATETIME NOT NULL,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "heartbeatAt" DATETIME,
    "workerId" TEXT,
    "step" TEXT,
    "progress" TEXT,
    "cancelRequestedAt" DATETIME,
    "cancelRequestedBy" TEXT,
    "activeKey" TEXT,
    "interactive" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "Run_databaseId_fkey" FOREIGN KEY ("databaseId") REFERENCES "Database" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Run_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RunEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "runId" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "type" TEXT NOT NULL,
    "step" TEXT,
    "message" TEXT NOT NULL,
    "ms" INTEGER,
    CONSTRAINT "RunEvent_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Backup" (
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
    CONSTRAINT "Backup_databaseId_fkey" FOREIGN KEY ("databaseId") REFERENCES "Database" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Manifest" (
    "backupId" TEXT NOT NULL PRIMARY KEY,
    "content" TEXT NOT NULL,
    CONSTRAINT "Manifest_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Copy" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "backupId" TEXT NOT NULL,
    "storeId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "sha256" TEXT,
    "rolesKey" TEXT,
    "rolesSha256" TEXT,
    "storedAt" DATETIME NOT NULL,
    "readBackAt" DATETIME,
    "missingAt" DATETIME,
    CONSTRAINT "Copy_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Copy_storeId_fkey" FOREIGN KEY ("storeId") REFERENCES "Store" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT,
    "actorName" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "databaseId" TEXT,
    "databaseName" TEXT,
    "runId" INTEGER,
    "backupId" TEXT,
    "sizeBytes" BIGINT,
    "records" BIGINT,
    "origin" TEXT NOT NULL,
    "reason" TEXT,
    "before" TEXT,
    "after" TEXT,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Store_name_key" ON "Store"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Database_name_key" ON "Database"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Database_fileName_key" ON "Database"("fileName");

-- CreateIndex
CREATE UNIQUE INDEX "Run_activeKey_key" ON "Run"("activeKey");

-- CreateIndex
CREATE INDEX "Run_status_idx" ON "Run"("status");

-- CreateIndex
CREATE INDEX "Run_interactive_id_idx" ON "Run"("interactive", "id");

-- CreateIndex
CREATE INDEX "Run_databaseId_kind_id_idx" ON "Run"("databaseId", "kind", "id");

-- CreateIndex
CREATE INDEX "Run_kind_status_id_idx" ON "Run"("kind", "status", "id");

-- CreateIndex
CREATE INDEX "Run_backupId_idx" ON "Run"("backupId");

-- CreateIndex
CREATE INDEX "RunEvent_runId_id_idx" ON "RunEvent"("runId", "id");

-- CreateIndex
CREATE INDEX "Backup_deletedAt_takenAt_idx" ON "Backup"("deletedAt", "takenAt");

-- CreateIndex
CREATE INDEX "Backup_databaseId_deletedAt_takenAt_idx" ON "Backup"("databaseId", "deletedAt", "takenAt");

-- CreateIndex
CREATE INDEX "Backup_databaseId_rung_takenAt_idx" ON "Backup"("databaseId", "rung", "takenAt");

-- CreateIndex
CREATE INDEX "Backup_deletedAt_sizeBytes_idx" ON "Backup"("deletedAt", "sizeBytes");

-- CreateIndex
CREATE INDEX "Backup_deletedAt_rows_idx" ON "Backup"("deletedAt", "rows");

-- CreateIndex
CREATE INDEX "Copy_backupId_idx" ON "Copy"("backupId");

-- CreateIndex
CREATE UNIQUE INDEX "Copy_storeId_key_key" ON "Copy"("storeId", "key");

-- CreateIndex
CREATE UNIQUE INDEX "AuditEntry_hash_key" ON "AuditEntry"("hash");

-- CreateIndex
CREATE INDEX "AuditEntry_at_idx" ON "AuditEntry"("at");

-- CreateIndex
CREATE INDEX "AuditEntry_databaseId_id_idx" ON "AuditEntry"("databaseId", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_outcome_id_idx" ON "AuditEntry"("outcome", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_actorName_id_idx" ON "AuditEntry"("actorName", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_action_id_idx" ON "AuditEntry"("action", "id");



-- The record is append-only: neither Holdfast nor a person with the file open may rewrite it by accident.
CREATE TRIGGER "AuditEntry_no_update" BEFORE UPDATE ON "AuditEntry" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER "AuditEntry_no_delete" BEFORE DELETE ON "AuditEntry" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER "RunEvent_no_update" BEFORE UPDATE ON "RunEvent" BEGIN SELECT RAISE(ABORT, 'run events are append-only'); END;
CREATE TRIGGER "RunEvent_no_delete" BEFORE DELETE ON "RunEvent" BEGIN SELECT RAISE(ABORT, 'run events are append-only'); END;
