-- AlterTable
ALTER TABLE "Schedule" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'backup';

-- AlterTable
ALTER TABLE "Backup" ADD COLUMN "sizeAcceptedBy" TEXT;

-- AlterTable
ALTER TABLE "Copy" ADD COLUMN "lookedAt" DATETIME;

-- DropIndex
DROP INDEX "Schedule_databaseId_key";

-- CreateIndex
CREATE UNIQUE INDEX "Schedule_databaseId_kind_key" ON "Schedule"("databaseId", "kind");

-- CreateIndex
CREATE INDEX "Copy_storeId_lookedAt_idx" ON "Copy"("storeId", "lookedAt");

-- Drills by time become schedules. What was due before counts for what it was then; their times count from now on.
INSERT INTO "Schedule" ("id", "kind", "databaseId", "cron", "timeZone", "jitterSeconds", "retries", "retryDelaySeconds", "missed", "overlap", "recordedUntil", "createdAt")
SELECT
    'drill-' || "id", 'drill', "id",
    CASE json_extract("drillPolicy", '$.when')
        WHEN 'daily' THEN '0 ' || coalesce(json_extract("drillPolicy", '$.hour'), 3) || ' * * *'
        WHEN 'weekly' THEN '0 ' || coalesce(json_extract("drillPolicy", '$.hour'), 3) || ' * * 1'
        ELSE '0 ' || coalesce(json_extract("drillPolicy", '$.hour'), 3) || ' 1 1,4,7,10 *'
    END,
    'UTC', 0, 0, 300, 'catch_up', 'wait',
    strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')
FROM "Database"
WHERE "removedAt" IS NULL AND json_extract("drillPolicy", '$.when') IN ('daily', 'weekly', 'quarterly');

-- What holds where no schedule does.
UPDATE "Database" SET "drillPolicy" = json_set("drillPolicy", '$.when', 'never') WHERE json_extract("drillPolicy", '$.when') IN ('daily', 'weekly', 'quarterly');

-- Every database's files are read again once a month, as those of a new one are.
INSERT INTO "Schedule" ("id", "kind", "databaseId", "cron", "timeZone", "jitterSeconds", "retries", "retryDelaySeconds", "missed", "overlap", "recordedUntil", "createdAt")
SELECT 'recheck-' || "id", 'recheck', "id", '0 5 * * *', 'UTC', 3600, 0, 300, 'catch_up', 'wait', strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')
FROM "Database" WHERE "removedAt" IS NULL;
