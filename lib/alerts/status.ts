import "server-only";
import type { Context } from "@/lib/context";
import { toChannel } from "./channels";
import { readFailing, readRefused } from "./list";

/** Something that is over by itself within this time is not worth a line on the overview. */
const patienceMs = 10 * 60_000;

export interface AlertStatus {
  /** That are turned on. */
  channels: number;
  /** Over which nothing has arrived for a while. */
  failing: { id: string; name: string; since: Date }[];
  /** Mail that arrives, but is refused for these recipients. */
  refusing: { id: string; name: string; addresses: string[] }[];
}

/** Whether people would be told, and which channels do not take what they are sent. */
export async function readAlertStatus({ db, clock }: Pick<Context, "db" | "clock">): Promise<AlertStatus> {
  const channels = await db.alertChannel.findMany({ where: { removedAt: null, isOn: true }, orderBy: { createdAt: "asc" } });
  const failing = await Promise.all(
    channels.map(async ({ id, name }) => {
      const found = await readFailing(db, id);
      const since = found ? new Date(found.since) : null;
      return since && (found?.hasGivenUp || clock.now().getTime() - since.getTime() > patienceMs) ? [{ id, name, since }] : [];
    }),
  );
  const refusing = await Promise.all(
    channels.map(async (row) => {
      const addresses = (await readRefused(db, toChannel(row))).map(({ address }) => address);
      return addresses.length > 0 ? [{ id: row.id, name: row.name, addresses }] : [];
    }),
  );
  return { channels: channels.length, failing: failing.flat(), refusing: refusing.flat() };
}
