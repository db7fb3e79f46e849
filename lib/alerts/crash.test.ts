import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { transaction } from "@/lib/db/transaction";
import { testDatabase } from "@/lib/testing/database";
import { startMailServer, startWebReceiver } from "@/lib/testing/receivers";
import { alertEvents } from "./events";
import { WebhookBody } from "./outgoing";
import { raise } from "./raise";
import { saveChannel } from "./save";
import { SaveChannelInput } from "./schemas";
import { table } from "./words.test-table";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = fileURLToPath(new URL("./deliverer.test-program.ts", import.meta.url));
const many = 60;
const launchOn = (url: string) => spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", program, url], { cwd: root, stdio: "ignore" });
const ended = (child: ReturnType<typeof launchOn>) => new Promise<number | null>((done) => child.once("exit", (code) => done(code)));

it("loses nothing and tells nothing twice under another id while two processes send and are killed in the middle", { timeout: 120_000 }, async () => {
  const test = await testDatabase();
  const [mail, hook] = [await startMailServer(), await startWebReceiver()];
  try {
    // The processes know no other clock than the machine's.
    test.clock.set(new Date());
    const admin = await test.as("admin");
    await saveChannel(admin, SaveChannelInput.parse({ kind: "email", name: "Mail", host: "127.0.0.1", port: mail.port, tls: "none", from: "holdfast@bimcalc.example", to: ["ops@bimcalc.example"] }));
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: `${hook.url}/in`, signingSecret: "sign-with-this-1234" }));
    await transaction(test, async (tx) => {
      for (let runId = 1; runId <= many; runId += 1) await raise(tx, test, { cause: `run:${runId}`, facts: { event: "backup_failed", database: { id: "d", name: "orders" }, good: null, attempts: 1, runId, reason: `Number ${runId}.`, hint: null, isLost: false } });
    });
    const launch = () => launchOn(test.url);
    // Each is killed after so many have arrived, so that it comes while something is being sent.
    const killAt = async (child: ReturnType<typeof launch>, arrived: number) => {
      const end = ended(child);
      while (hook.requests.length < arrived && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
      child.kill("SIGKILL");
      return end;
    };
    expect(await Promise.all([killAt(launch(), 10), killAt(launch(), 30)])).toEqual([null, null]);
    expect(await ended(launch())).toBe(0);

    const ids = { hook: hook.requests.map(({ headers }) => String(headers["holdfast-event-id"])), mail: mail.mails.map(({ messageId }) => messageId ?? "") };
    for (const [name, all] of Object.entries(ids)) {
      expect(new Set(all).size, name).toBe(many);
      // A second copy comes only of a kill between the sending and its record, and carries the id of the first.
      expect(all.length - many, name).toBeLessThanOrEqual(2);
    }
    expect(await test.db.alertDelivery.groupBy({ by: ["state"], _count: true })).toEqual([{ state: "sent", _count: 2 * many }]);
  } finally {
    await Promise.all([mail.stop(), hook.stop()]);
    await test.close();
  }
});

it("brings every kind of event once though the process is killed while each of them is being sent", { timeout: 300_000 }, async () => {
  const test = await testDatabase();
  const held = new Set<string>();
  let isHeld = "";
  const eventOf = (body: string) => WebhookBody.parse(JSON.parse(body)).event;
  // The first attempt of each kind gets no answer: its process dies while it waits for one.
  const hook = await startWebReceiver(({ body }) => {
    isHeld = held.has(eventOf(body)) ? "" : eventOf(body);
    held.add(eventOf(body));
    return isHeld ? null : { status: 200, body: "ok" };
  });
  // The server puts off one of the two recipients until all have been killed.
  let isBusy = true;
  const mail = await startMailServer({ onRcptTo: ({ address }, _, done) => (isBusy && address.startsWith("second") ? done(Object.assign(new Error("greylisted"), { responseCode: 451 })) : done()) });
  try {
    test.clock.set(new Date());
    const admin = await test.as("admin");
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: `${hook.url}/in`, signingSecret: "sign-with-this-1234", events: [...alertEvents] }));
    await saveChannel(admin, SaveChannelInput.parse({ kind: "email", name: "Mail", host: "127.0.0.1", port: mail.port, tls: "none", from: "holdfast@bimcalc.example", to: ["ops@bimcalc.example", "second@bimcalc.example"], events: [...alertEvents] }));
    await transaction(test, async (tx) => {
      for (const event of alertEvents) {
        const [facts] = table.find(([one]) => one.event === event) ?? [];
        if (facts) await raise(tx, test, { cause: event, facts });
      }
    });
    for (const kind of alertEvents.keys()) {
      const child = launchOn(test.url);
      const end = ended(child);
      while ((held.size <= kind || !isHeld) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
      child.kill("SIGKILL");
      expect(await end).toBeNull();
    }
    isBusy = false;
    // What was put off need not be waited for.
    await test.db.alertDelivery.updateMany({ where: { state: "waiting" }, data: { nextAt: new Date() } });
    expect(await ended(launchOn(test.url))).toBe(0);

    for (const event of alertEvents) {
      const ids = hook.requests.filter(({ body }) => eventOf(body) === event).map(({ headers }) => headers["holdfast-event-id"]);
      expect([ids.length, new Set(ids).size], event).toEqual([2, 1]);
    }
    for (const recipient of ["ops@bimcalc.example", "second@bimcalc.example"]) {
      const ids = mail.mails.flatMap(({ messageId }, index) => (mail.recipients[index]?.includes(recipient) ? [messageId] : []));
      expect(new Set(ids).size, recipient).toBe(alertEvents.length);
      // Those who have it get it again only of a kill between the sending and its record.
      expect(ids.length - alertEvents.length, recipient).toBeLessThanOrEqual(recipient.startsWith("ops") ? alertEvents.length : 0);
    }
    expect(await test.db.alertDelivery.groupBy({ by: ["state"], _count: true })).toEqual([{ state: "sent", _count: 2 * alertEvents.length }]);
  } finally {
    await Promise.all([mail.stop(), hook.stop()]);
    await test.close();
  }
});
