import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { open, toChannel } from "@/lib/alerts/channels";
import { removeChannel, saveChannel } from "@/lib/alerts/save";
import { SaveChannelInput } from "@/lib/alerts/schemas";
import { saveAlertSettings } from "@/lib/alerts/settings";
import type { Context } from "@/lib/context";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { exportConfig } from "./export";
import { configPlaces } from "./locate";
import { lookAtConfig, type LastLook } from "./look";
import { readConfigState } from "./state";

let test: TestDatabase;
let admin: Context;
let last: LastLook;

beforeEach(async () => {
  test = await testDatabase();
  admin = await test.as("admin");
  last = { seen: null };
  const { storeId } = await addStore(admin, { name: "local-disk", path: "/srv/backups" });
  await addDatabase(admin, AddDatabaseInput.parse({ container: "c", databaseName: "bimcalc", role: "r", storeId }));
});
afterEach(() => {
  vi.unstubAllEnvs();
  return test.close();
});

const file = () => path.join(test.directory, "holdfast.config.yaml");
async function write(text: string) {
  writeFileSync(file(), text);
  await lookAtConfig({ db: test.db, clock: test.clock, origin: "worker" }, configPlaces(undefined, test.directory), last);
  return readConfigState(test.db);
}
const again = () => {
  last = { seen: null };
  return lookAtConfig({ db: test.db, clock: test.clock, origin: "worker" }, configPlaces(undefined, test.directory), last);
};
const actions = async () => (await test.db.auditEntry.findMany({ orderBy: { id: "asc" } })).map(({ action }) => action);
const channels = async () => (await test.db.alertChannel.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } })).map(toChannel);

const whole = `
channels:
  mail: { kind: email, host: mail.example.com, user: holdfast, password: "\${SMTP_PASSWORD}", from: holdfast@example.com, to: [admin@example.com], databases: [bimcalc] }
  slack: { kind: slack, urlFile: SLACK, severity: warning }
notifications: { nothingAfter: 49h, own: { bimcalc: 25h } }
`;

describe("channels in a file", () => {
  let text: string;
  beforeEach(() => {
    const secret = path.join(test.directory, "slack-url");
    writeFileSync(secret, "https://hooks.slack.com/services/T0/B0/x\n");
    vi.stubEnv("SMTP_PASSWORD", "a password");
    text = whole.replace("SLACK", secret);
  });

  it("are added with secrets from the environment and from files, which stand nowhere in clear, and a second time nothing happens", async () => {
    expect(await write(text)).toMatchObject({ refused: null });
    const [mail, slack] = await channels();
    expect(mail && open(mail)).toMatchObject({ kind: "email", target: { host: "mail.example.com", port: 587, tls: "starttls" }, secret: { password: "a password" } });
    expect(slack && open(slack)).toMatchObject({ secret: { url: "https://hooks.slack.com/services/T0/B0/x" } });
    const entries = JSON.stringify(await test.db.auditEntry.findMany(), (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    expect(entries).not.toMatch(/a password|T0\/B0/);
    expect(JSON.stringify(await readConfigState(test.db))).not.toMatch(/a password|T0\/B0/);
    const before = await actions();
    await again();
    expect(await actions()).toEqual(before);
    vi.stubEnv("SMTP_PASSWORD", "another password");
    await again();
    expect((await actions()).slice(before.length)).toEqual(["alert.channel_saved", "config.applied"]);
  });

  it("are read-only for people, those that are not in it are not", async () => {
    await write(text);
    const [mail] = await channels();
    const managed = { code: "config.managed" };
    await expect(removeChannel(admin, { channelId: mail?.id ?? "" })).rejects.toMatchObject(managed);
    await expect(saveChannel(admin, SaveChannelInput.parse({ channelId: mail?.id ?? "", kind: "email", name: "mail", host: "h", port: 25, tls: "none", from: "a@b.c", to: ["a@b.c"] }))).rejects.toMatchObject(managed);
    await expect(saveAlertSettings(admin, { nothingHours: 1, ownHours: {}, repeatHours: 1 })).rejects.toMatchObject(managed);
    const { channelId } = await saveChannel(admin, SaveChannelInput.parse({ kind: "slack", name: "other", url: "https://example.com/x" }));
    await removeChannel(admin, { channelId });
    await write("channels: {}\n");
    await removeChannel(admin, { channelId: mail?.id ?? "" });
    expect((await channels()).map(({ name }) => name)).toEqual(["slack"]);
  });

  it.each([
    ["a secret in clear", (one: string) => one.replace('"${SMTP_PASSWORD}"', "hunter2"), "channels.mail.password", /does not belong here/],
    ["a variable that is not set", (one: string) => one.replace("${SMTP_PASSWORD}", "${NOT_SET}"), "channels.mail.password", /^NOT_SET is not set/],
    ["a file that is not there", (one: string) => one.replace("slack-url", "other"), "channels.slack.urlFile", /cannot be read/],
    ["a database that is not there", (one: string) => one.replace("[bimcalc]", "[orders]"), "channels.mail.databases", /There is no database orders/],
    ["an address that is none", (one: string) => one.replace("[admin@example.com]", "[admin]"), "channels.mail.to[0]", /not an email address/],
    ["a key of another kind of channel", (one: string) => one.replace("severity: warning", "host: x"), "channels.slack.host", /There is no key host here/],
  ])("refuses %s", async (_, change, at, message) => {
    const state = await write(change(text));
    expect(state?.refused?.problems).toEqual([{ line: expect.any(Number) as unknown, path: at, message: expect.stringMatching(message) as unknown }]);
    expect(JSON.stringify(state)).not.toContain("hunter2");
    expect(await channels()).toEqual([]);
  });

  it("come back from an export as they were, once its variables are set", async () => {
    await write(text);
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "On call (2)", url: "https://example.com/hook", signingSecret: "0123456789abcdef" }));
    await saveChannel(admin, SaveChannelInput.parse({ kind: "ping", name: "ping", url: "https://example.com/ping", isOn: false }));
    const exported = await exportConfig(admin);
    expect(exported).not.toMatch(/a password|T0\/B0|0123456789abcdef|example.com\/hook/);
    rmSync(file());
    vi.stubEnv("HOLDFAST_MAIL_PASSWORD", "a password");
    vi.stubEnv("HOLDFAST_SLACK_URL", "https://hooks.slack.com/services/T0/B0/x");
    vi.stubEnv("HOLDFAST_ON_CALL_2_URL", "https://example.com/hook");
    vi.stubEnv("HOLDFAST_ON_CALL_2_SIGNING_SECRET", "0123456789abcdef");
    vi.stubEnv("HOLDFAST_PING_URL", "https://example.com/ping");
    const before = await actions();
    expect(await write(exported)).toMatchObject({ refused: null });
    expect((await actions()).slice(before.length)).toEqual(["config.applied"]);
  });
});
