-- AlterTable
ALTER TABLE "Copy" ADD COLUMN "databaseKey" TEXT;

-- Of the copies that are there already
UPDATE "Copy" SET "databaseKey" = (SELECT coalesce(b."databaseId", b."databaseName") FROM "Backup" b WHERE b."id" = "Copy"."backupId" AND b."deletedAt" IS NULL);

-- CreateIndex
CREATE INDEX "Run_kind_status_queuedAt_idx" ON "Run"("kind", "status", "queuedAt");

-- CreateIndex
CREATE INDEX "Run_interactive_databaseId_id_idx" ON "Run"("interactive", "databaseId", "id");

-- CreateIndex
CREATE INDEX "Copy_missingAt_databaseKey_storeId_sizeBytes_idx" ON "Copy"("missingAt", "databaseKey", "storeId", "sizeBytes");
