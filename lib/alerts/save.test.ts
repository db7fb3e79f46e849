import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { z } from "zod";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { getChannel, open } from "./channels";
import { removeChannel, saveChannel } from "./save";
import { SaveChannelInput } from "./schemas";

let test: TestDatabase;
let admin: Awaited<ReturnType<TestDatabase["as"]>>;
beforeEach(async () => {
  test = await testDatabase();
  admin = await test.as("admin");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await test.close();
});

const mail = { kind: "email", name: "Ops", host: "mail.example", port: 587, tls: "starttls", user: "holdfast", password: "s3cret-password", from: "holdfast@bimcalc.example", to: ["ops@bimcalc.example"] } satisfies z.input<typeof SaveChannelInput>;
const hook = { kind: "webhook", name: "Tickets", url: "https://hooks.example/in/abc-secret-path", signingSecret: "sign-with-this-1234" } satisfies z.input<typeof SaveChannelInput>;
const save = (input: z.input<typeof SaveChannelInput>) => saveChannel(admin, SaveChannelInput.parse(input));
const opened = async (id: string) => open(await getChannel(test.db, id)).secret;
const entries = async () => (await test.db.auditEntry.findMany({ orderBy: { id: "asc" } })).map(({ action, sentence, before, after }) => ({ action, sentence, before: JSON.parse(before ?? "null") as unknown, after: JSON.parse(after ?? "null") as unknown }));

describe("saveChannel", () => {
  it("keeps secrets sealed, in no row and no audit entry in clear", async () => {
    const { channelId } = await save(mail);
    await save(hook);
    await save({ ...mail, channelId, password: "another-password" });
    const everything = JSON.stringify([await test.db.alertChannel.findMany(), await entries(), await test.db.setting.findMany()]);
    for (const secret of [mail.password, "another-password", hook.url, "abc-secret-path", hook.signingSecret]) expect(everything).not.toContain(secret);
    expect(await opened(channelId)).toEqual({ password: "another-password" });
  });

  it("says in the audit log what changed, and of secrets only that they did", async () => {
    const { channelId } = await save(mail);
    await save({ ...mail, channelId, name: "On call", password: "another-password" });
    await removeChannel(admin, { channelId });
    expect(await entries()).toMatchObject([
      { action: "alert.channel_saved", sentence: "Added the notification channel Ops", before: null, after: { password: "set", host: "mail.example", databases: "all" } },
      { action: "alert.channel_saved", sentence: "Changed the notification channel On call", before: { name: "Ops", password: "set" }, after: { name: "On call", password: "changed" } },
      { action: "alert.channel_removed", sentence: "Removed the notification channel On call" },
    ]);
  });

  it("keeps what is left empty, also without the key", async () => {
    const { channelId } = await save(hook);
    await save({ ...hook, channelId, url: "https://hooks.example/in/other", signingSecret: "" });
    expect(await opened(channelId)).toEqual({ url: "https://hooks.example/in/other", signingSecret: hook.signingSecret });
    vi.stubEnv("AUTH_SECRET", "a-secret-of-another-installation");
    await save({ ...hook, channelId, name: "Tickets 2", url: "", signingSecret: "" });
    await expect(save({ ...hook, channelId, url: "https://hooks.example/new", signingSecret: "" })).rejects.toMatchObject({ code: "alert.secret_unreadable" });
    await save({ ...hook, channelId });
    expect(await opened(channelId)).toEqual({ url: hook.url, signingSecret: hook.signingSecret });
  });

  it("sends a password to no other server than the one it was entered for", async () => {
    const { channelId } = await save(mail);
    await save({ ...mail, channelId, password: "", to: ["ops@bimcalc.example", "second@bimcalc.example"] });
    for (const moved of [{ host: "elsewhere.example" }, { port: 25 }, { tls: "none" as const }, { user: "other" }]) await expect(save({ ...mail, channelId, password: "", ...moved })).rejects.toMatchObject({ code: "alert.password_missing" });
    await save({ ...mail, channelId, user: "", password: "" });
    expect((await test.db.alertChannel.findUniqueOrThrow({ where: { id: channelId } })).secret).toBeNull();
    await expect(save({ ...mail, channelId, password: "" })).rejects.toMatchObject({ code: "alert.password_missing" });
  });

  it("refuses a second one of a name, another kind, a secret that is not there, a database that is gone", async () => {
    const { channelId } = await save(mail);
    await expect(save({ ...hook, name: "Ops" })).rejects.toMatchObject({ code: "alert.name_taken" });
    await expect(save({ ...hook, channelId })).rejects.toMatchObject({ code: "alert.kind_fixed" });
    await expect(save({ ...hook, url: "" })).rejects.toMatchObject({ code: "alert.address_missing" });
    await expect(save({ ...hook, signingSecret: "" })).rejects.toMatchObject({ code: "alert.signing_missing" });
    await expect(save({ ...hook, databaseIds: ["gone"] })).rejects.toMatchObject({ code: "alert.unknown_database" });
    await expect(removeChannel(admin, { channelId: "gone" })).rejects.toMatchObject({ code: "alert.channel_not_found" });
    expect(await test.db.alertChannel.count()).toBe(1);
  });

  it("drops what waits for a channel that is turned off or removed", async () => {
    const { storeId } = await addStore(admin, { name: "local-disk", path: `${test.directory}/store` });
    const { databaseId } = await addDatabase(admin, AddDatabaseInput.parse({ container: "postgres", databaseName: "orders", role: "postgres", storeId }));
    const { channelId } = await save({ ...hook, databaseIds: [databaseId] });
    const alert = await test.db.alert.create({ data: { cause: "c", event: "backup_failed", phase: "happened", severity: "critical", at: test.clock.now(), message: "{}" } });
    await test.db.alertDelivery.create({ data: { alertId: alert.id, channelId, state: "waiting", createdAt: test.clock.now(), nextAt: test.clock.now(), givesUpAt: test.clock.now() } });
    await save({ ...hook, channelId, isOn: false, url: "", signingSecret: "" });
    expect(await test.db.alertDelivery.findFirst()).toMatchObject({ state: "dropped", answer: "The channel was turned off." });
  });
});

describe("what may be entered", () => {
  const issues = (input: unknown) => SaveChannelInput.safeParse(input).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  it.each([
    [{ ...mail, to: ["ops@x.example\r\nBcc: all@x.example"] }, ["to.0: This is not an email address."]],
    [{ ...mail, from: "a@b.example, c@d.example" }, ["from: This is not an email address."]],
    [{ ...mail, host: "https://mail.example" }, ["host: Only the name or the address of the server, without http:// or a port."]],
    [{ ...mail, port: 0 }, ["port: From 1 to 65535."]],
    [{ ...hook, url: "file:///etc/passwd" }, ["url: Enter an address that begins with https:// or http://."]],
    [{ ...hook, url: "https://me:secret@hooks.example/" }, ["url: Leave the user and the password out of the address."]],
    [{ ...hook, events: [] }, ["events: Choose at least one event, or turn the channel off."]],
  ])("refuses %#", (input, expected) => expect(issues(input)).toEqual(expect.arrayContaining(expected)));
});
