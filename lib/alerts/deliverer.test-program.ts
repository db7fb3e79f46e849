// A process that sends what waits, for crash.test.ts: rounds until nothing waits any more.
import { systemClock } from "@/lib/clock";
import { openDatabase } from "@/lib/db/client";
import { isGone, workerIdentity } from "@/lib/worker/identity";
import { Deliverer } from "./deliver";

const [url = ""] = process.argv.slice(2);
const db = openDatabase(url);
const self = workerIdentity();
const deliverer = new Deliverer({ db, clock: systemClock }, self, (by) => isGone(by, self));
while ((await db.alertDelivery.count({ where: { state: { in: ["waiting", "sending"] } } })) > 0) {
  await deliverer.round();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await db.$disconnect();
