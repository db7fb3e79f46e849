-- AlterTable
ALTER TABLE "AlertDelivery" ADD COLUMN "arrivedFor" TEXT;
ALTER TABLE "AlertDelivery" ADD COLUMN "refusedFor" TEXT;
