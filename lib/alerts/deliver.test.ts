import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { transaction } from "@/lib/db/transaction";
import { startMailServer } from "@/lib/testing/receivers";
import { Deliverer } from "./deliver";
import { alertWorld, type AlertWorld } from "@/lib/testing/alerts";
import { alertEvents } from "./events";
import { listNotifications, readFailing } from "./list";
import { retryDelivery } from "./outbox";
import { WebhookBody } from "./outgoing";
import { raise } from "./raise";
import { readAlertStatus } from "./status";
import { testChannel } from "./test-channel";
import { table } from "./words.test-table";

let world: AlertWorld;
beforeEach(async () => {
  world = await alertWorld();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

describe("raising", () => {
  it("tells each channel that wants it, and each thing once", async () => {
    const { url } = await world.receiver();
    await world.hookTo(url);
    await world.hookTo(url, { name: "Of others", databaseIds: null, severity: "critical", events: ["drill_failed"] });
    await world.hookTo(url, { name: "Off", isOn: false });
    const facts = { event: "backup_failed", database: { id: "d", name: "orders" }, good: null, attempts: 1, runId: 7, reason: "x", hint: null, isLost: false } as const;
    const once = () => transaction(world.test, (tx) => raise(tx, world.test, { cause: "run:7:backup_failed", facts }));
    expect([await once(), await once()]).toEqual([1, 0]);
    expect(await world.rows()).toMatchObject([{ name: "Hook", state: "waiting" }]);
  });

  it("leaves nothing behind when what it speaks of is rolled back", async () => {
    const { url } = await world.receiver();
    await world.hookTo(url);
    await expect(transaction(world.test, async (tx) => {
      await raise(tx, world.test, { cause: "c", facts: { event: "worker_silent", heardAt: null } });
      throw new Error("rolled back");
    })).rejects.toThrow("rolled back");
    expect(await world.test.db.alert.count()).toBe(0);
  });
});

it("brings every event to mail and webhook exactly once, also when all come at the same time and two processes send", async () => {
  const [mail, hook] = [await world.mailServer(), await world.receiver()];
  await world.mailTo(mail.port, { events: [...alertEvents] });
  await world.hookTo(hook.url, { events: [...alertEvents] });
  await transaction(world.test, async (tx) => {
    for (const [index, [facts]] of table.entries()) await raise(tx, world.test, { cause: `${index}`, facts });
  });
  for (let again = 0; again < 3; again += 1) await Promise.all([world.round("host:1:a"), world.round("host:2:b")]);
  const subjects = table.map(([, subject]) => subject).sort();
  expect(mail.mails.map(({ subject }) => (subject ?? "").replace(" [holdfast]", "")).sort()).toEqual(subjects);
  expect(hook.requests.map(({ body }) => WebhookBody.parse(JSON.parse(body)).subject).sort()).toEqual(subjects);
});

describe("a mail", () => {
  it("arrives once at everybody, as text and HTML, with a link, its own Message-ID and the server's words on record", async () => {
    vi.stubEnv("HOLDFAST_URL", "https://holdfast.bimcalc.example");
    const server = await world.mailServer({ onAuth: ({ username, password }, _, done) => (username === "holdfast" && password === "s3cret" ? done(null, { user: 1 }) : done(new Error("no"))), authOptional: false, allowInsecureAuth: true });
    await world.mailTo(server.port, { user: "holdfast", password: "s3cret" });
    await world.fail();
    await Promise.all([world.round("host:1:a"), world.round("host:2:b")]);
    await world.round();
    expect(server.mails).toHaveLength(1);
    const [mail] = server.mails;
    const { id } = await world.test.db.alertDelivery.findFirstOrThrow();
    expect(mail).toMatchObject({ subject: "Failed: orders, backup [holdfast]", messageId: `<${id}@bimcalc.example>` });
    expect(mail?.from?.text).toBe('"Holdfast" <holdfast@bimcalc.example>');
    expect(mail?.text).toContain("The dump <stopped> & was thrown away.");
    expect(mail?.html).toContain("The dump &lt;stopped&gt; &amp; was thrown away.");
    expect(await world.rows()).toMatchObject([{ state: "sent", attempts: 1, answer: expect.stringMatching(/^250 /) as string }]);
  });

  it("shows in a test what a server says to a wrong password, without the password", async () => {
    const server = await world.mailServer({ authOptional: false, allowInsecureAuth: true, onAuth: ({ password }, _, done) => done(new Error(`Invalid login with ${password}`)) });
    const { channelId } = await world.mailTo(server.port, { user: "holdfast", password: "wrong-one" });
    expect(await testChannel(world.admin, { channelId })).toMatchObject({ isSent: false, answer: "535 Invalid login with [hidden]" });
    expect(await world.test.db.auditEntry.findFirst({ where: { action: "alert.channel_tested" } })).toMatchObject({ outcome: "failed", reason: "535 Invalid login with [hidden]" });
  });

  it("goes to no server whose certificate nobody vouches for, and to none without the TLS that was asked for", async () => {
    const unknown = await world.mailServer({ secure: true });
    expect(await testChannel(world.admin, await world.mailTo(unknown.port, { tls: "tls" }))).toMatchObject({ isSent: false, answer: expect.stringContaining("certificate") as string });
    const plain = await world.mailServer();
    expect(await testChannel(world.admin, await world.mailTo(plain.port, { name: "Plain", tls: "starttls" }))).toMatchObject({ isSent: false });
    expect([...unknown.mails, ...plain.mails]).toEqual([]);
  });

  it("to one refused recipient does not hold up another message", async () => {
    const server = await world.mailServer({ onRcptTo: ({ address }, _, done) => (address.startsWith("nobody") ? done(new Error("no such user")) : done()) });
    await world.mailTo(server.port, { to: ["nobody@bimcalc.example"] });
    await world.fail();
    await world.fail();
    await world.round();
    expect(await world.rows()).toMatchObject([{ state: "given_up", attempts: 1, answer: "550 no such user" }, { state: "given_up", attempts: 1 }]);
  });

  it("is tried again for those alone whom the server puts off, also by another process, and comes twice to nobody", async () => {
    let isBusy = true;
    const server = await world.mailServer({ onRcptTo: ({ address }, _, done) => (isBusy && address.startsWith("second") ? done(Object.assign(new Error("greylisted"), { responseCode: 451 })) : done()) });
    await world.mailTo(server.port);
    await world.fail();
    await world.round("host:1:a");
    expect(await world.rows()).toMatchObject([{ state: "waiting", attempts: 1, answer: "Arrived at ops@bimcalc.example. Not taken yet for second@bimcalc.example: 451 greylisted." }]);
    expect(await readFailing(world.test.db, (await world.test.db.alertChannel.findFirstOrThrow()).id)).toBeNull();
    isBusy = false;
    world.test.clock.advance(30_000);
    await Promise.all([world.round("host:2:b"), world.round("host:3:c")]);
    await world.round("host:2:b");
    expect(server.recipients).toEqual([["ops@bimcalc.example"], ["second@bimcalc.example"]]);
    expect(new Set(server.mails.map(({ messageId }) => messageId)).size).toBe(1);
    expect(server.mails.map(({ to }) => [to].flat().map((one) => one?.text).join())).toEqual(Array.from({ length: 2 }, () => "ops@bimcalc.example, second@bimcalc.example"));
    expect(await world.rows()).toMatchObject([{ state: "sent", attempts: 2, answer: expect.stringMatching(/^250 /) as string }]);
  });

  it("that is refused for good for one is shown as failed with the server's words, arrives at the others, and goes to that one alone on Retry", async () => {
    let isKnown = false;
    const server = await world.mailServer({ onRcptTo: ({ address }, _, done) => (isKnown || !address.startsWith("second") ? done() : done(new Error("no such user"))) });
    const { channelId } = await world.mailTo(server.port);
    await world.fail();
    await world.round();
    world.test.clock.advance(86_400_000);
    await world.round();
    expect(await world.rows()).toMatchObject([{ state: "given_up", attempts: 1, answer: "Arrived at ops@bimcalc.example. Refused for second@bimcalc.example: 550 no such user." }]);
    const seen = async () => {
      const { channels: [channel], deliveries } = await listNotifications(world.test, true);
      return { ...(await readAlertStatus(world.test)), failing: channel?.failing, refused: channel?.refused, hasArrived: channel?.lastSentAt !== null, isPartly: deliveries.map((one) => one.isPartly) };
    };
    const refused = [{ address: "second@bimcalc.example", answer: "550 no such user" }];
    expect(await seen()).toMatchObject({ failing: null, refused, hasArrived: true, isPartly: [true], refusing: [{ name: "Mail", addresses: ["second@bimcalc.example"] }] });
    expect(await testChannel(world.admin, { channelId })).toMatchObject({ isSent: false, isPartly: true });
    isKnown = true;
    await retryDelivery(world.admin, { deliveryId: (await world.test.db.alertDelivery.findFirstOrThrow()).id });
    await world.round();
    // The second is the test's.
    expect(server.recipients).toEqual([["ops@bimcalc.example"], ["ops@bimcalc.example"], ["second@bimcalc.example"]]);
    expect(await world.rows()).toMatchObject([{ state: "sent" }]);
    expect(await seen()).toMatchObject({ failing: null, refused: [], isPartly: [false], refusing: [] });
  });
});

describe("an unreachable server", () => {
  it("delays nothing else, loses nothing, and gets everything once it is back", async () => {
    const first = await startMailServer();
    const { port } = first;
    await first.stop();
    const hook = await world.receiver();
    await world.mailTo(port);
    await world.hookTo(hook.url);
    await world.fail();
    world.test.clock.advance(1_000);
    await world.fail();
    await world.round();
    expect(hook.requests).toHaveLength(2);
    expect((await world.rows()).filter(({ name }) => name === "Mail")).toEqual([
      { name: "Mail", state: "waiting", attempts: 1, answer: "The connection was refused. Is the server running, and is this its port?" },
      // One attempt spoke for both.
      { name: "Mail", state: "waiting", attempts: 0, answer: null },
    ]);
    const back = await world.mailServer({}, port);
    await world.round();
    expect(back.mails).toHaveLength(0);
    world.test.clock.advance(30_000);
    await world.round();
    await world.round();
    expect(back.mails).toHaveLength(2);
    expect(hook.requests).toHaveLength(2);
  });

  it("is asked less and less often, and is given up after three days, which shows; Retry begins anew", async () => {
    const server = await startMailServer();
    await server.stop();
    await world.mailTo(server.port);
    await world.fail();
    const start = world.test.clock.now().getTime();
    const tried: number[] = [];
    for (let attempts = 0; attempts < 200; attempts += 1) {
      await world.round();
      const row = await world.test.db.alertDelivery.findFirstOrThrow();
      tried.push(Math.round((world.test.clock.now().getTime() - start) / 1_000));
      if (row.state !== "waiting") break;
      world.test.clock.set(row.nextAt);
    }
    expect(tried.slice(0, 9)).toEqual([0, 30, 90, 210, 450, 930, 1_890, 3_810, 7_410]);
    expect(await world.rows()).toMatchObject([{ state: "given_up", answer: "The connection was refused. Is the server running, and is this its port?" }]);
    expect((tried.at(-1) ?? 0) / 3_600).toBeLessThanOrEqual(72);
    const back = await world.mailServer({}, server.port);
    const { id } = await world.test.db.alertDelivery.findFirstOrThrow();
    await retryDelivery(world.admin, { deliveryId: id });
    await world.round();
    expect(back.mails).toHaveLength(1);
    await expect(retryDelivery(world.admin, { deliveryId: id })).rejects.toMatchObject({ code: "alert.delivery_settled" });
  });

  it("leaves it to be seen for 30 days what was given up, also when later messages arrive and many of them", async () => {
    const server = await world.mailServer({ onRcptTo: ({ address }, _, done) => (address.startsWith("nobody") ? done(new Error("no such user")) : done()) });
    const { channelId } = await world.mailTo(server.port, { to: ["nobody@bimcalc.example"] });
    await world.fail();
    await world.round();
    const givenUpAt = world.test.clock.now().toISOString();
    const { id } = await world.test.db.alertDelivery.findFirstOrThrow();
    await world.mailTo(server.port, { channelId, to: ["ops@bimcalc.example"] });
    for (let n = 0; n < 50; n += 1) {
      world.test.clock.advance(60_000);
      await world.fail();
    }
    await world.round();
    const seen = async () => {
      const { channels: [channel], deliveries } = await listNotifications(world.test, true);
      return { failing: channel?.failing, givenUp: channel?.givenUp, mayRetry: deliveries.filter(({ mayRetry }) => mayRetry).map((one) => one.id) };
    };
    expect(await seen()).toEqual({ failing: null, givenUp: { many: 1, lastAt: givenUpAt }, mayRetry: [id] });
    world.test.clock.advance(30 * 86_400_000);
    expect(await seen()).toEqual({ failing: null, givenUp: null, mayRetry: [] });
    world.test.clock.advance(-86_400_000);
    await retryDelivery(world.admin, { deliveryId: id });
    await world.round();
    expect(await seen()).toEqual({ failing: null, givenUp: null, mayRetry: [] });
  });

  it("that takes a connection and says nothing does not hold up the others", async () => {
    const sockets = new Set<{ destroy(): void }>();
    const mute = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    world.closing.push(() => new Promise((resolve) => {
      sockets.forEach((socket) => socket.destroy());
      mute.close(resolve);
    }));
    const hook = await world.receiver();
    await world.mailTo((mute.address() as { port: number }).port);
    await world.hookTo(hook.url);
    const deliverer = new Deliverer(world.test, "host:1:a");
    await world.fail();
    const first = deliverer.round();
    await vi.waitFor(() => expect(hook.requests).toHaveLength(1));
    await world.fail();
    // What the worker's own look does: it waits for nobody.
    expect(await deliverer.begin()).toHaveLength(2);
    await vi.waitFor(() => expect(hook.requests).toHaveLength(2));
    expect((await world.rows()).filter(({ name }) => name === "Mail")).toMatchObject([{ state: "sending" }, { state: "waiting" }]);
    sockets.forEach((socket) => socket.destroy());
    await first;
    expect((await world.rows()).find(({ name }) => name === "Mail")).toMatchObject({ state: "waiting", attempts: 1 });
  });
});

it("tries once what waited so long that it would be given up, because nothing ran meanwhile", async () => {
  const hook = await world.receiver();
  await world.hookTo(hook.url);
  await world.fail();
  world.test.clock.advance(99 * 3_600_000);
  await world.round();
  expect(hook.requests).toHaveLength(1);
  expect(await world.rows()).toMatchObject([{ state: "sent", attempts: 1 }]);
});

it("sends what was put off while the clock was ahead, once the clock is right again", async () => {
  const hook = await world.receiver();
  await world.hookTo(hook.url);
  const now = world.test.clock.now();
  world.test.clock.advance(365 * 86_400_000);
  await world.fail();
  world.test.clock.set(now);
  await world.round();
  await world.round();
  expect(hook.requests).toHaveLength(1);
});

it("takes up what a process was sending when it ended, under the same id", async () => {
  const hook = await world.receiver();
  await world.hookTo(hook.url);
  await world.fail();
  await world.test.db.alertDelivery.updateMany({ data: { state: "sending", claimedBy: "host:99:z", attempts: 1, nextAt: new Date(world.test.clock.now().getTime() + 120_000) } });
  await world.round();
  expect(hook.requests).toHaveLength(0);
  await new Deliverer(world.test, "host:1:a", (by) => by === "host:99:z").round();
  expect(hook.requests).toHaveLength(1);
  expect(await world.rows()).toMatchObject([{ state: "sent", attempts: 2 }]);
});
