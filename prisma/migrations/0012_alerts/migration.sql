-- CreateTable
CREATE TABLE "AlertChannel" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "isOn" BOOLEAN NOT NULL DEFAULT true,
    "severity" TEXT NOT NULL,
    "events" TEXT NOT NULL,
    "databaseIds" TEXT,
    "target" TEXT NOT NULL,
    "secret" TEXT,
    "createdAt" DATETIME NOT NULL,
    "removedAt" DATETIME
);

-- CreateTable
CREATE TABLE "AlertCondition" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "event" TEXT NOT NULL,
    "facts" TEXT NOT NULL,
    "members" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "told" INTEGER NOT NULL,
    "openedAt" DATETIME NOT NULL,
    "toldAt" DATETIME,
    "closedAt" DATETIME
);

-- CreateTable
CREATE TABLE "Alert" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "cause" TEXT NOT NULL,
    "episode" TEXT,
    "event" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "databaseId" TEXT,
    "databaseName" TEXT,
    "runId" INTEGER,
    "backupId" TEXT,
    "message" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "AlertDelivery" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "alertId" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "createdAt" DATETIME NOT NULL,
    "nextAt" DATETIME NOT NULL,
    "givesUpAt" DATETIME NOT NULL,
    "claimedBy" TEXT,
    "triedAt" DATETIME,
    "settledAt" DATETIME,
    "answer" TEXT,
    CONSTRAINT "AlertDelivery_alertId_fkey" FOREIGN KEY ("alertId") REFERENCES "Alert" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "AlertDelivery_channelId_fkey" FOREIGN KEY ("channelId") REFERENCES "AlertChannel" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "Alert_cause_key" ON "Alert"("cause");

-- CreateIndex
CREATE INDEX "Alert_episode_idx" ON "Alert"("episode");

-- CreateIndex
CREATE INDEX "Alert_at_idx" ON "Alert"("at");

-- CreateIndex
CREATE INDEX "AlertDelivery_state_nextAt_idx" ON "AlertDelivery"("state", "nextAt");

-- CreateIndex
CREATE INDEX "AlertDelivery_channelId_createdAt_idx" ON "AlertDelivery"("channelId", "createdAt");

-- CreateIndex
CREATE INDEX "AlertDelivery_createdAt_idx" ON "AlertDelivery"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "AlertDelivery_alertId_channelId_key" ON "AlertDelivery"("alertId", "channelId");
