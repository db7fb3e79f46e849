// A worker's scheduler for scheduler.test.ts: goes through time a day each quarter of a second, from when the first of them was
// up, and ends the runs it starts well.
import { openDatabase } from "@/lib/db/client";
import { runSchedules } from "@/lib/worker/scheduler";

const [url = "", start = "", end = ""] = process.argv.slice(2);
const db = openDatabase(url);
const first = () => db.setting.findUnique({ where: { key: "started" } });
if (!(await first())) await db.setting.create({ data: { key: "started", value: String(Date.now()) } }).catch(first);
const realStart = Number((await first())?.value);
process.stdout.write("up");
const clock = { now: () => new Date(Date.parse(start) + (Date.now() - realStart) * 4 * 86_400) };
while (clock.now() < new Date(end)) {
  await runSchedules(db, clock);
  for (const { id } of await db.run.findMany({ where: { status: "queued" }, select: { id: true } })) {
    await db.run.updateMany({ where: { id, status: "queued" }, data: { status: "succeeded", startedAt: clock.now(), finishedAt: clock.now(), activeKey: null } });
  }
}
await runSchedules(db, clock);
await db.$disconnect();
