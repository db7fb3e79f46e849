// A Holdfast with an outbox and receivers on loopback, for the tests that send.
import type { z } from "zod";
import { Deliverer } from "@/lib/alerts/deliver";
import { raise } from "@/lib/alerts/raise";
import { saveChannel } from "@/lib/alerts/save";
import { SaveChannelInput } from "@/lib/alerts/schemas";
import { transaction } from "@/lib/db/transaction";
import { testDatabase } from "./database";
import { startMailServer, startWebReceiver } from "./receivers";

export type AlertWorld = Awaited<ReturnType<typeof alertWorld>>;

/** Call `close()` in afterEach: it stops the receivers too. */
export async function alertWorld() {
  const test = await testDatabase();
  const admin = await test.as("admin");
  const closing: (() => Promise<unknown>)[] = [];
  let runs = 0;
  const closes = <T extends { stop(): Promise<unknown> }>(server: T): T => {
    closing.push(() => server.stop());
    return server;
  };
  const save = (input: z.input<typeof SaveChannelInput>) => saveChannel(admin, SaveChannelInput.parse(input));
  return {
    test,
    admin,
    closing,
    save,
    mailServer: async (...options: Parameters<typeof startMailServer>) => closes(await startMailServer(...options)),
    receiver: async (...options: Parameters<typeof startWebReceiver>) => closes(await startWebReceiver(...options)),
    mailTo: (port: number, more: object = {}) => save({ kind: "email", name: "Mail", host: "127.0.0.1", port, tls: "none", from: "holdfast@bimcalc.example", to: ["ops@bimcalc.example", "second@bimcalc.example"], ...more }),
    hookTo: (url: string, more: object = {}) => save({ kind: "webhook", name: "Hook", url: `${url}/in/very-secret-path`, signingSecret: "sign-with-this-1234", ...more }),
    fail(name = "orders", more: object = {}) {
      runs += 1;
      const facts = { event: "backup_failed", database: { id: name, name }, good: null, attempts: 1, runId: runs, reason: "The dump <stopped> & was thrown away.", hint: null, isLost: false, ...more } as const;
      return transaction(test, (tx) => raise(tx, test, { cause: `run:${runs}:failed`, facts }));
    },
    succeed(name = "orders") {
      runs += 1;
      const facts = { event: "backup_succeeded", isLesser: false, database: { id: name, name }, runId: runs, backupId: "b", takenAt: test.clock.now().toISOString(), sizeBytes: 1, rows: 1 } as const;
      return transaction(test, (tx) => raise(tx, test, { cause: `run:${runs}:succeeded`, facts }));
    },
    round: (by = "host:1:a") => new Deliverer(test, by).round(),
    rows: async () => (await test.db.alertDelivery.findMany({ orderBy: { createdAt: "asc" }, include: { channel: true } })).map(({ channel, state, attempts, answer }) => ({ name: channel.name, state, attempts, answer })),
    async close() {
      await Promise.all(closing.splice(0).map((close) => close()));
      await test.close();
    },
  };
}
