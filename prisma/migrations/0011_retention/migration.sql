-- AlterTable
ALTER TABLE "Database" ADD COLUMN "retention" TEXT;

-- AlterTable
ALTER TABLE "Backup" ADD COLUMN "legalHold" TEXT;


