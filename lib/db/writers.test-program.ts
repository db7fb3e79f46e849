// One of the two processes of writers.test.ts: reads, then writes, in `count` transactions, and says how many failed.
import { systemClock } from "@/lib/clock";
import { recordAudit } from "@/lib/audit/record";
import { openDatabase } from "./client";
import { transaction } from "./transaction";

const [url = "", name = "", count = "0"] = process.argv.slice(2);
const ctx = { db: openDatabase(url), clock: systemClock, actor: { kind: "system" as const, id: null, name, origin: "test" } };
let failures = 0;
let lastFailure = "";
for (let i = 0; i < Number(count); i++) {
  try {
    await transaction(ctx, async (tx) => {
      // Reading first is what makes a deferred transaction fail when the other process writes in between.
      await tx.auditEntry.count();
      await recordAudit(tx, ctx, { action: "worker.started", outcome: "succeeded", sentence: `Write ${i} of ${name}` });
    });
  } catch (error) {
    failures += 1;
    lastFailure = String(error);
  }
}
await ctx.db.$disconnect();
console.log(JSON.stringify({ failures, lastFailure }));
