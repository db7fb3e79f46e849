import { createHmac } from "node:crypto";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { z } from "zod";
import { transaction } from "@/lib/db/transaction";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { startMailServer, startWebReceiver, type MailServer, type WebReceiver } from "@/lib/testing/receivers";
import { Deliverer } from "./deliver";
import { alertEvents } from "./events";
import { retryDelivery } from "./outbox";
import { WebhookBody } from "./outgoing";
import { raise } from "./raise";
import { saveChannel } from "./save";
import { SaveChannelInput } from "./schemas";
import { testChannel } from "./test-channel";
import { table } from "./words.test-table";

let test: TestDatabase;
let admin: Awaited<ReturnType<TestDatabase["as"]>>;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  test = await testDatabase();
  admin = await test.as("admin");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(closing.splice(0).map((close) => close()));
  await test.close();
});

const closes = <T extends { stop(): Promise<unknown> }>(server: T): T => {
  closing.push(() => server.stop());
  return server;
};
const mailServer = async (...options: Parameters<typeof startMailServer>): Promise<MailServer> => closes(await startMailServer(...options));
const receiver = async (...options: Parameters<typeof startWebReceiver>): Promise<WebReceiver> => closes(await startWebReceiver(...options));
const save = (input: z.input<typeof SaveChannelInput>) => saveChannel(admin, SaveChannelInput.parse(input));
const mailTo = (port: number, more: object = {}) => save({ kind: "email", name: "Mail", host: "127.0.0.1", port, tls: "none", from: "holdfast@bimcalc.example", to: ["ops@bimcalc.example", "second@bimcalc.example"], ...more });
const hookTo = (url: string, more: object = {}) => save({ kind: "webhook", name: "Hook", url: `${url}/in/very-secret-path`, signingSecret: "sign-with-this-1234", ...more });
let runs = 0;
const fail = (name = "orders", more: object = {}) => {
  runs += 1;
  const facts = { event: "backup_failed", database: { id: name, name }, good: null, runId: runs, reason: "The dump <stopped> & was thrown away.", hint: null, isLost: false, ...more } as const;
  return transaction(test, (tx) => raise(tx, test, { cause: `run:${runs}:failed`, facts }));
};
const succeed = (name = "orders") => {
  runs += 1;
  const facts = { event: "backup_succeeded", database: { id: name, name }, runId: runs, backupId: "b", takenAt: test.clock.now().toISOString(), sizeBytes: 1, rows: 1 } as const;
  return transaction(test, (tx) => raise(tx, test, { cause: `run:${runs}:succeeded`, facts }));
};
const round = (by = "host:1:a") => new Deliverer(test, by).round();
const rows = async () => (await test.db.alertDelivery.findMany({ orderBy: { createdAt: "asc" }, include: { channel: true } })).map(({ channel, state, attempts, answer }) => ({ name: channel.name, state, attempts, answer }));

describe("raising", () => {
  it("tells each channel that wants it, and each thing once", async () => {
    const { url } = await receiver();
    await hookTo(url);
    await hookTo(url, { name: "Of others", databaseIds: null, severity: "critical", events: ["drill_failed"] });
    await hookTo(url, { name: "Off", isOn: false });
    const facts = { event: "backup_failed", database: { id: "d", name: "orders" }, good: null, runId: 7, reason: "x", hint: null, isLost: false } as const;
    const once = () => transaction(test, (tx) => raise(tx, test, { cause: "run:7:backup_failed", facts }));
    expect([await once(), await once()]).toEqual([1, 0]);
    expect(await rows()).toMatchObject([{ name: "Hook", state: "waiting" }]);
  });

  it("leaves nothing behind when what it speaks of is rolled back", async () => {
    const { url } = await receiver();
    await hookTo(url);
    await expect(transaction(test, async (tx) => {
      await raise(tx, test, { cause: "c", facts: { event: "worker_silent", heardAt: null } });
      throw new Error("rolled back");
    })).rejects.toThrow("rolled back");
    expect(await test.db.alert.count()).toBe(0);
  });
});

it("brings every event to mail and webhook exactly once, also when all come at the same time and two processes send", async () => {
  const [mail, hook] = [await mailServer(), await receiver()];
  await mailTo(mail.port, { events: [...alertEvents] });
  await hookTo(hook.url, { events: [...alertEvents] });
  await transaction(test, async (tx) => {
    for (const [index, [facts]] of table.entries()) await raise(tx, test, { cause: `${index}`, facts });
  });
  for (let again = 0; again < 3; again += 1) await Promise.all([round("host:1:a"), round("host:2:b")]);
  const subjects = table.map(([, subject]) => subject).sort();
  expect(mail.mails.map(({ subject }) => (subject ?? "").replace(" [holdfast]", "")).sort()).toEqual(subjects);
  expect(hook.requests.map(({ body }) => WebhookBody.parse(JSON.parse(body)).subject).sort()).toEqual(subjects);
});

describe("a mail", () => {
  it("arrives once at everybody, as text and HTML, with a link, its own Message-ID and the server's words on record", async () => {
    vi.stubEnv("HOLDFAST_URL", "https://holdfast.bimcalc.example");
    const server = await mailServer({ onAuth: ({ username, password }, _, done) => (username === "holdfast" && password === "s3cret" ? done(null, { user: 1 }) : done(new Error("no"))), authOptional: false, allowInsecureAuth: true });
    await mailTo(server.port, { user: "holdfast", password: "s3cret" });
    await fail();
    await Promise.all([round("host:1:a"), round("host:2:b")]);
    await round();
    expect(server.mails).toHaveLength(1);
    const [mail] = server.mails;
    const { id } = await test.db.alertDelivery.findFirstOrThrow();
    expect(mail).toMatchObject({ subject: "Failed: orders, backup [holdfast]", messageId: `<${id}@bimcalc.example>` });
    expect(mail?.from?.text).toBe('"Holdfast" <holdfast@bimcalc.example>');
    expect(mail?.text).toContain("The dump <stopped> & was thrown away.");
    expect(mail?.html).toContain("The dump &lt;stopped&gt; &amp; was thrown away.");
    expect(await rows()).toMatchObject([{ state: "sent", attempts: 1, answer: expect.stringMatching(/^250 /) as string }]);
  });

  it("shows in a test what a server says to a wrong password, without the password", async () => {
    const server = await mailServer({ authOptional: false, allowInsecureAuth: true, onAuth: ({ password }, _, done) => done(new Error(`Invalid login with ${password}`)) });
    const { channelId } = await mailTo(server.port, { user: "holdfast", password: "wrong-one" });
    expect(await testChannel(admin, { channelId })).toMatchObject({ isSent: false, answer: "535 Invalid login with [hidden]" });
    expect(await test.db.auditEntry.findFirst({ where: { action: "alert.channel_tested" } })).toMatchObject({ outcome: "failed", reason: "535 Invalid login with [hidden]" });
  });

  it("goes to no server whose certificate nobody vouches for, and to none without the TLS that was asked for", async () => {
    const unknown = await mailServer({ secure: true });
    expect(await testChannel(admin, await mailTo(unknown.port, { tls: "tls" }))).toMatchObject({ isSent: false, answer: expect.stringContaining("certificate") as string });
    const plain = await mailServer();
    expect(await testChannel(admin, await mailTo(plain.port, { name: "Plain", tls: "starttls" }))).toMatchObject({ isSent: false });
    expect([...unknown.mails, ...plain.mails]).toEqual([]);
  });

  it("to one refused recipient does not hold up another message", async () => {
    const server = await mailServer({ onRcptTo: ({ address }, _, done) => (address.startsWith("nobody") ? done(new Error("no such user")) : done()) });
    await mailTo(server.port, { to: ["nobody@bimcalc.example"] });
    await fail();
    await fail();
    await round();
    expect(await rows()).toMatchObject([{ state: "waiting", attempts: 1, answer: "550 no such user" }, { state: "waiting", attempts: 1 }]);
  });
});

describe("an unreachable server", () => {
  it("delays nothing else, loses nothing, and gets everything once it is back", async () => {
    const first = await startMailServer();
    const { port } = first;
    await first.stop();
    const hook = await receiver();
    await mailTo(port);
    await hookTo(hook.url);
    await fail();
    test.clock.advance(1_000);
    await fail();
    await round();
    expect(hook.requests).toHaveLength(2);
    expect((await rows()).filter(({ name }) => name === "Mail")).toEqual([
      { name: "Mail", state: "waiting", attempts: 1, answer: "The connection was refused. Is the server running, and is this its port?" },
      // One attempt spoke for both.
      { name: "Mail", state: "waiting", attempts: 0, answer: null },
    ]);
    const back = await mailServer({}, port);
    await round();
    expect(back.mails).toHaveLength(0);
    test.clock.advance(30_000);
    await round();
    await round();
    expect(back.mails).toHaveLength(2);
    expect(hook.requests).toHaveLength(2);
  });

  it("is asked less and less often, and is given up after three days, which shows; Retry begins anew", async () => {
    const server = await startMailServer();
    await server.stop();
    await mailTo(server.port);
    await fail();
    const start = test.clock.now().getTime();
    const tried: number[] = [];
    for (let attempts = 0; attempts < 200; attempts += 1) {
      await round();
      const row = await test.db.alertDelivery.findFirstOrThrow();
      tried.push(Math.round((test.clock.now().getTime() - start) / 1_000));
      if (row.state !== "waiting") break;
      test.clock.set(row.nextAt);
    }
    expect(tried.slice(0, 9)).toEqual([0, 30, 90, 210, 450, 930, 1_890, 3_810, 7_410]);
    expect(await rows()).toMatchObject([{ state: "given_up", answer: "The connection was refused. Is the server running, and is this its port?" }]);
    expect((tried.at(-1) ?? 0) / 3_600).toBeLessThanOrEqual(72);
    const back = await mailServer({}, server.port);
    const { id } = await test.db.alertDelivery.findFirstOrThrow();
    await retryDelivery(admin, { deliveryId: id });
    await round();
    expect(back.mails).toHaveLength(1);
    await expect(retryDelivery(admin, { deliveryId: id })).rejects.toMatchObject({ code: "alert.delivery_settled" });
  });

  it("that takes a connection and says nothing does not hold up the others", async () => {
    const sockets = new Set<{ destroy(): void }>();
    const mute = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => {
      sockets.forEach((socket) => socket.destroy());
      mute.close(resolve);
    }));
    const hook = await receiver();
    await mailTo((mute.address() as { port: number }).port);
    await hookTo(hook.url);
    const deliverer = new Deliverer(test, "host:1:a");
    await fail();
    const first = deliverer.round();
    await vi.waitFor(() => expect(hook.requests).toHaveLength(1));
    await fail();
    void deliverer.round();
    await vi.waitFor(() => expect(hook.requests).toHaveLength(2));
    expect((await rows()).filter(({ name }) => name === "Mail")).toMatchObject([{ state: "sending" }, { state: "waiting" }]);
    sockets.forEach((socket) => socket.destroy());
    await first;
    expect((await rows()).find(({ name }) => name === "Mail")).toMatchObject({ state: "waiting", attempts: 1 });
  });
});

describe("a webhook", () => {
  it("is signed over timestamp and body, and says everything in its schema", async () => {
    const hook = await receiver();
    await hookTo(hook.url);
    await fail();
    await round();
    const [request] = hook.requests;
    if (!request) throw new Error("nothing came");
    // As the snippet in docs/alerts.md does it.
    const expected = createHmac("sha256", "sign-with-this-1234").update(`${String(request.headers["holdfast-timestamp"])}.${request.body}`).digest("hex");
    expect(request.headers["holdfast-signature"]).toBe(`v1=${expected}`);
    const body = WebhookBody.parse(JSON.parse(request.body));
    expect(body).toMatchObject({ schema: "holdfast.alert.v1", event: "backup_failed", phase: "happened", severity: "critical", database: { name: "orders" }, subject: "Failed: orders, backup", url: null });
    expect(request.headers["holdfast-event-id"]).toBe(body.id);
  });

  it("has the same id in every attempt", async () => {
    let answers = 0;
    const hook = await receiver(() => ({ status: (answers += 1) === 1 ? 503 : 200 }));
    await hookTo(hook.url);
    await fail();
    await round();
    expect(await rows()).toMatchObject([{ state: "waiting", answer: "HTTP 503" }]);
    test.clock.advance(30_000);
    await round();
    const [one, other] = hook.requests;
    expect(one?.headers["holdfast-event-id"]).toBe(other?.headers["holdfast-event-id"]);
    expect(one?.body).toBe(other?.body);
    expect(one?.headers["holdfast-timestamp"]).not.toBe(other?.headers["holdfast-timestamp"]);
    expect(await rows()).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  it("follows no redirect, and repeats no secret that its receiver says", async () => {
    const elsewhere = await receiver();
    const hook = await receiver(() => ({ status: 302, headers: { location: `${elsewhere.url}/stolen` } }));
    const { channelId } = await hookTo(hook.url);
    expect(await testChannel(admin, { channelId })).toMatchObject({ isSent: false, answer: expect.stringContaining("HTTP 302") as string });
    expect(elsewhere.requests).toEqual([]);
    const chatty = await receiver(({ path }) => ({ status: 400, body: `no such hook: ${path}` }));
    const other = await hookTo(chatty.url, { name: "Chatty" });
    expect(await testChannel(admin, other)).toMatchObject({ isSent: false, answer: "HTTP 400: no such hook: [hidden]" });
  });

  it("waits while its secrets cannot be opened, and says why", async () => {
    const hook = await receiver();
    await hookTo(hook.url);
    await fail();
    vi.stubEnv("AUTH_SECRET", "a-secret-of-another-installation");
    await round();
    expect(await rows()).toMatchObject([{ state: "waiting", answer: "The secrets of Hook were sealed under another AUTH_SECRET. Nothing was sent; what waits stays." }]);
    vi.unstubAllEnvs();
    test.clock.advance(30_000);
    await round();
    expect(hook.requests).toHaveLength(1);
  });
});

it("Slack gets blocks that show what was said and nothing else", async () => {
  const slack = await receiver();
  await save({ kind: "slack", name: "Slack", url: `${slack.url}/services/T0/B0/x` });
  await fail("<!channel> & co");
  await round();
  const body = JSON.parse(slack.requests[0]?.body ?? "{}") as { text: string; blocks: { type: string; text?: { text: string } }[] };
  expect(body.text).toBe("Failed: &lt;!channel&gt; &amp; co, backup");
  expect(body.blocks.map(({ type }) => type)).toEqual(["header", "section", "context"]);
  expect(body.blocks[1]?.text?.text).toContain("The dump &lt;stopped&gt; &amp; was thrown away.");
});

describe("a ping", () => {
  const pingTo = (url: string, more: object = {}) => save({ kind: "ping", name: "Ping", url: `${url}/ping/1234?x=1`, ...more });

  it("says after each backup whether it was good, and after nothing else", async () => {
    const checks = await receiver();
    await pingTo(checks.url);
    await succeed();
    await round();
    await fail();
    await transaction(test, (tx) => raise(tx, test, { cause: "w", facts: { event: "worker_silent", heardAt: null } }));
    await round();
    expect(checks.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /ping/1234?x=1", "GET /ping/1234/fail?x=1"]);
  });

  it("that comes late does not speak over a later one", async () => {
    let isUp = false;
    const checks = await receiver(() => ({ status: isUp ? 200 : 503 }));
    await pingTo(checks.url);
    await succeed();
    await round();
    test.clock.advance(60_000);
    isUp = true;
    await fail();
    test.clock.advance(60_000);
    await round();
    expect(checks.requests.slice(1).map(({ path }) => path)).toEqual(["/ping/1234/fail?x=1"]);
    expect(await rows()).toMatchObject([{ state: "dropped", answer: "A later backup has its own ping." }, { state: "sent" }]);
  });

  it("is tested with how the last backup really ended", async () => {
    const checks = await receiver();
    const channel = await pingTo(checks.url);
    await testChannel(admin, channel);
    await test.db.run.create({ data: { kind: "backup", status: "succeeded", input: "{}", initiatorKind: "cli", initiatorName: "t", origin: "t", queuedAt: test.clock.now() } });
    await testChannel(admin, channel);
    expect(checks.requests.map(({ path }) => path)).toEqual(["/ping/1234/fail?x=1", "/ping/1234?x=1"]);
  });
});

it("takes up what a process was sending when it ended, under the same id", async () => {
  const hook = await receiver();
  await hookTo(hook.url);
  await fail();
  await test.db.alertDelivery.updateMany({ data: { state: "sending", claimedBy: "host:99:z", attempts: 1, nextAt: new Date(test.clock.now().getTime() + 120_000) } });
  await round();
  expect(hook.requests).toHaveLength(0);
  await new Deliverer(test, "host:1:a", (by) => by === "host:99:z").round();
  expect(hook.requests).toHaveLength(1);
  expect(await rows()).toMatchObject([{ state: "sent", attempts: 2 }]);
});
