import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { transaction } from "@/lib/db/transaction";
import { alertWorld, type AlertWorld } from "@/lib/testing/alerts";
import { WebhookBody } from "./outgoing";
import { raise } from "./raise";
import { testChannel } from "./test-channel";

let world: AlertWorld;
beforeEach(async () => {
  world = await alertWorld();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

describe("a webhook", () => {
  it("is signed over timestamp and body, and says everything in its schema", async () => {
    const hook = await world.receiver();
    await world.hookTo(hook.url);
    await world.fail();
    await world.round();
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
    const hook = await world.receiver(() => ({ status: (answers += 1) === 1 ? 503 : 200 }));
    await world.hookTo(hook.url);
    await world.fail();
    await world.round();
    expect(await world.rows()).toMatchObject([{ state: "waiting", answer: "HTTP 503" }]);
    world.test.clock.advance(30_000);
    await world.round();
    const [one, other] = hook.requests;
    expect(one?.headers["holdfast-event-id"]).toBe(other?.headers["holdfast-event-id"]);
    expect(one?.body).toBe(other?.body);
    expect(one?.headers["holdfast-timestamp"]).not.toBe(other?.headers["holdfast-timestamp"]);
    expect(await world.rows()).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  it("follows no redirect, and repeats no secret that its receiver says", async () => {
    const elsewhere = await world.receiver();
    const hook = await world.receiver(() => ({ status: 302, headers: { location: `${elsewhere.url}/stolen` } }));
    const { channelId } = await world.hookTo(hook.url);
    expect(await testChannel(world.admin, { channelId })).toMatchObject({ isSent: false, answer: expect.stringContaining("HTTP 302") as string });
    expect(elsewhere.requests).toEqual([]);
    const chatty = await world.receiver(({ path }) => ({ status: 400, body: `no such hook: ${path}` }));
    const other = await world.hookTo(chatty.url, { name: "Chatty" });
    expect(await testChannel(world.admin, other)).toMatchObject({ isSent: false, answer: "HTTP 400: no such hook: [hidden]" });
  });

  it("waits while its secrets cannot be opened, and says why", async () => {
    const hook = await world.receiver();
    await world.hookTo(hook.url);
    await world.fail();
    vi.stubEnv("AUTH_SECRET", "a-secret-of-another-installation");
    await world.round();
    expect(await world.rows()).toMatchObject([{ state: "waiting", answer: "The secrets of Hook were sealed under another AUTH_SECRET. Nothing was sent; what waits stays." }]);
    vi.unstubAllEnvs();
    world.test.clock.advance(30_000);
    await world.round();
    expect(hook.requests).toHaveLength(1);
  });
});

it("Slack gets blocks that show what was said and nothing else", async () => {
  const slack = await world.receiver();
  await world.save({ kind: "slack", name: "Slack", url: `${slack.url}/services/T0/B0/x` });
  await world.fail("<!channel> & co");
  await world.round();
  const body = JSON.parse(slack.requests[0]?.body ?? "{}") as { text: string; blocks: { type: string; text?: { text: string } }[] };
  expect(body.text).toBe("Failed: &lt;!channel&gt; &amp; co, backup");
  expect(body.blocks.map(({ type }) => type)).toEqual(["header", "section", "context"]);
  expect(body.blocks[1]?.text?.text).toContain("The dump &lt;stopped&gt; &amp; was thrown away.");
});

describe("a ping", () => {
  const pingTo = (url: string, more: object = {}) => world.save({ kind: "ping", name: "Ping", url: `${url}/ping/1234?x=1`, ...more });

  it("says after each backup whether it was good, and after nothing else", async () => {
    const checks = await world.receiver();
    await pingTo(checks.url);
    await world.succeed();
    await world.round();
    await world.fail();
    await transaction(world.test, (tx) => raise(tx, world.test, { cause: "w", facts: { event: "worker_silent", heardAt: null } }));
    await world.round();
    expect(checks.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /ping/1234?x=1", "GET /ping/1234/fail?x=1"]);
  });

  it("that comes late does not speak over a later one", async () => {
    let isUp = false;
    const checks = await world.receiver(() => ({ status: isUp ? 200 : 503 }));
    await pingTo(checks.url);
    await world.succeed();
    await world.round();
    world.test.clock.advance(60_000);
    isUp = true;
    await world.fail();
    world.test.clock.advance(60_000);
    await world.round();
    expect(checks.requests.slice(1).map(({ path }) => path)).toEqual(["/ping/1234/fail?x=1"]);
    expect(await world.rows()).toMatchObject([{ state: "dropped", answer: "A later backup has its own ping." }, { state: "sent" }]);
  });

  it("is tested with how the last backup really ended", async () => {
    const checks = await world.receiver();
    const channel = await pingTo(checks.url);
    await testChannel(world.admin, channel);
    await world.test.db.run.create({ data: { kind: "backup", status: "succeeded", input: "{}", initiatorKind: "cli", initiatorName: "t", origin: "t", queuedAt: world.test.clock.now() } });
    await testChannel(world.admin, channel);
    expect(checks.requests.map(({ path }) => path)).toEqual(["/ping/1234/fail?x=1", "/ping/1234?x=1"]);
  });
});
