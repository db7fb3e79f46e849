-- AlterTable
ALTER TABLE "Copy" ADD COLUMN "problem" TEXT;

-- What was found against a backup's file was found in one of its copies. Of which is not on record, so each counts as damaged until it is
-- read again; most backups have one.
UPDATE "Copy" SET "problem" = (SELECT b."problem" FROM "Backup" b WHERE b."id" = "Copy"."backupId")
WHERE "missingAt" IS NULL AND "backupId" IN (SELECT "id" FROM "Backup" WHERE "problem" IS NOT NULL AND json_extract("problem", '$.rung') = 'intact');

-- Only of the few that are damaged: one of all copies would lead SQLite away from the index by backup, wherever those without a problem are asked for.
CREATE INDEX "Copy_damaged_idx" ON "Copy"("backupId") WHERE "problem" IS NOT NULL;
