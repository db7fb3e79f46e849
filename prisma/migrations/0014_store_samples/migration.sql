-- CreateTable
CREATE TABLE "StoreSample" (
    "storeId" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "totalBytes" BIGINT NOT NULL,
    "freeBytes" BIGINT NOT NULL,

    PRIMARY KEY ("storeId", "day"),
    CONSTRAINT "StoreSample_storeId_fkey" FOREIGN KEY ("storeId") REFERENCES "Store" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Occurrence_scheduleId_state_idx" ON "Occurrence"("scheduleId", "state");
