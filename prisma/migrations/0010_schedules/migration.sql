-- CreateTable
CREATE TABLE "Schedule" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "databaseId" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "options" TEXT,
    "jitterSeconds" INTEGER NOT NULL,
    "retries" INTEGER NOT NULL,
    "retryDelaySeconds" INTEGER NOT NULL,
    "timeoutSeconds" INTEGER,
    "missed" TEXT NOT NULL,
    "overlap" TEXT NOT NULL,
    "recordedUntil" DATETIME NOT NULL,
    "pausedAt" DATETIME,
    "pausedBy" TEXT,
    "pauseReason" TEXT,
    "pausedUntil" DATETIME,
    "createdAt" DATETIME NOT NULL,
    "removedAt" DATETIME,
    CONSTRAINT "Schedule_databaseId_fkey" FOREIGN KEY ("databaseId") REFERENCES "Database" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Occurrence" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "scheduleId" TEXT NOT NULL,
    "dueAt" DATETIME NOT NULL,
    "startAt" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    "why" TEXT,
    "waitsFor" INTEGER,
    "retryAt" DATETIME,
    "settledAt" DATETIME,
    CONSTRAINT "Occurrence_scheduleId_fkey" FOREIGN KEY ("scheduleId") REFERENCES "Schedule" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "OccurrenceAttempt" (
    "runId" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "occurrenceId" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    CONSTRAINT "OccurrenceAttempt_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "OccurrenceAttempt_occurrenceId_fkey" FOREIGN KEY ("occurrenceId") REFERENCES "Occurrence" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "Schedule_databaseId_key" ON "Schedule"("databaseId");

-- CreateIndex
CREATE INDEX "Occurrence_state_startAt_idx" ON "Occurrence"("state", "startAt");

-- CreateIndex
CREATE UNIQUE INDEX "Occurrence_scheduleId_dueAt_key" ON "Occurrence"("scheduleId", "dueAt");

-- CreateIndex
CREATE UNIQUE INDEX "OccurrenceAttempt_occurrenceId_number_key" ON "OccurrenceAttempt"("occurrenceId", "number");


