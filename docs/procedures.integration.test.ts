import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startMachine, type Machine } from "@/cli/testing/machine";
import { startObjectStore, type ObjectStore } from "@/cli/testing/object-store";
import { readCron } from "@/lib/schedule/cron";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { startMailServer, startWebReceiver, type MailServer, type WebReceiver } from "@/lib/testing/receivers";

const text = readFileSync("docs/procedures.md", "utf8");

interface Block {
  info: string;
  /** The heading above it. */
  under: string;
  body: string;
}

/** Every fenced block, in order. */
const blocks: Block[] = [...text.matchAll(/^(#+ .+)$|^```(.*)\n([\s\S]*?)^```$/gm)].reduce<{ under: string; found: Block[] }>(
  ({ under, found }, [, heading, info = "", body = ""]) => (heading ? { under: heading.replace(/^#+ /, ""), found } : { under, found: [...found, { info, under, body }] }),
  { under: "", found: [] },
).found;

const runnable = blocks.filter(({ info }) => info.startsWith("sh run"));

const cronLines = blocks.filter(({ info }) => info === "cron").flatMap(({ body }) => body.split("\n")).filter((line) => line !== "" && !line.startsWith("#"));
const schedule = (line: string) => line.split(" ").slice(0, 5).join(" ");

/** What a reader fills in. The test's container cannot have the document's name, as others may run at the same time, and nobody is there to be asked. */
const filledIn = (body: string) =>
  body.replaceAll("bimcalc-postgres", server.name).replaceAll("<backup_file>", '"$(ls -t ./backups/bimcalc_postgres_backup_*.sql.gz | head -1)"').replace(/^holdfast undo$/m, 'holdfast undo --confirm bimcalc --reason "a test"');

/** A dump of the old script, whose name and time are of last year. */
const old = "./backups/bimcalc_postgres_backup_20250101_020000.sql.gz";
const placeOld = `cp "$(ls -t ./backups/bimcalc_postgres_backup_*.sql.gz | head -1)" ${old} && touch -d 2025-01-01 ${old} && holdfast rescan`;

let server: PostgresContainer;
let machine: Machine;
let objects: ObjectStore;
let mail: MailServer;
let slack: WebReceiver;

/** What printed nothing to stderr and ended with 0, with what it printed. */
async function done(line: string, options: Parameters<Machine["shell"]>[1] = {}): Promise<string> {
  const { code, out, err } = await machine.shell(`set -eo pipefail\n${line}`, options);
  // The scripts warn of what they leave out; sudo of a machine that no name server knows; systemctl says here what it did.
  const said = err.replace(/^(Warning: |sudo: unable to resolve host |Created symlink ).*\n/gm, "");
  expect({ line, code, out, err: said }).toEqual({ line, code: 0, out: expect.any(String) as string, err: "" });
  return out;
}

beforeAll(async () => {
  [slack, mail, objects] = await Promise.all([startWebReceiver(), startMailServer(), startObjectStore(["my-bimcalc-backups", "bimcalc-backups"])]);
  server = await startPostgres({ user: "bimcalc", database: "bimcalc" });
  await server.psql("CREATE TABLE price_items AS SELECT g AS id, md5(g::text) AS name FROM generate_series(1, 32) g; CREATE TABLE pipeline_runs AS SELECT 1 AS id;");
  machine = await startMachine();
  // What a reader has set up once: the accounts of aws and rclone, and where mail goes. Older versions of aws take an address only as an option.
  await done("mv /usr/bin/aws /usr/bin/aws-of-amazon && mkdir -p /root/.aws /root/.config/rclone && ln -sf /usr/bin/s-nail /usr/bin/mail");
  await machine.write("/usr/bin/aws", `#!/bin/sh\nexec aws-of-amazon --endpoint-url ${objects.url} "$@"\n`);
  await done("chmod +x /usr/bin/aws");
  await machine.write("/root/.aws/credentials", `[default]\naws_access_key_id = ${objects.key}\naws_secret_access_key = ${objects.key}\nregion = us-east-1\n`);
  await machine.write("/root/.config/rclone/rclone.conf", `[remote]\ntype = s3\nprovider = Other\nendpoint = ${objects.url}\naccess_key_id = ${objects.key}\nsecret_access_key = ${objects.key}\n`);
  await machine.write("/etc/s-nail.rc", `set v15-compat mta=smtp://127.0.0.1:${mail.port} smtp-auth=none smtp-hostname=holdfast.example from=root@holdfast.example\n`);
});
afterAll(async () => {
  await machine?.stop();
  await Promise.all([slack?.stop(), mail?.stop(), objects?.stop()]);
  await server?.stop();
});

describe("the procedures", () => {
  it("have no block that is neither run nor checked otherwise", () => {
    const kinds = ["sh run", "sh run input=yes", "sh run follow", "sh run aged", "sh run slack", "cron", "fstab", "text"];
    expect(blocks.filter(({ info }) => !kinds.includes(info))).toEqual([]);
  });

  it("show schedules that cron understands", () => {
    expect(cronLines.length).toBeGreaterThan(5);
    expect(cronLines.filter((line) => !readCron(schedule(line)).ok)).toEqual([]);
  });

  it("mount a drive with a line that fstab takes", async () => {
    const [line = ""] = blocks.filter(({ info }) => info === "fstab").map(({ body }) => body);
    await machine.write("/tmp/fstab", line);
    await done("mkdir -p /mnt/backup-drive && findmnt --verify --tab-file /tmp/fstab");
    // Memory stands for the file server: not every kernel that this runs on has a client of NFS.
    await machine.write("/etc/fstab", line.replace(/^\S+(\s+\S+\s+)nfs(\s+)\S+/, "tmpfs$1tmpfs$2size=200m"));
  });

  // In order: they are one story, and later ones build on what earlier ones left.
  it.each(runnable.map((block, index) => ({ ...block, name: `${index + 1}, ${block.under}` })))("run: $name", async ({ info, body }) => {
    if (info.endsWith("aged")) await done(placeOld);
    if (info.endsWith("follow")) {
      const following = machine.shell(body, { until: (out) => out.includes("✅ Backup Complete") });
      await done("sudo systemctl start bimcalc-backup.service");
      expect((await following).out).toMatch(/✅ Compressed: [\s\S]*✅ Backup Complete/);
      return;
    }
    await done(filledIn(body), { input: info.endsWith("input=yes") ? "yes\n" : "", env: { SLACK_WEBHOOK_URL: slack.url } });
    if (info.endsWith("aged")) expect(await done("holdfast list --json")).not.toContain("20250101_020000");
  });

  it("have told Slack of the backup that ended well", () => {
    expect(slack.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ text: "✅ bimcalc backup completed successfully" }]);
  });

  it("have a timer of systemd that has started nothing yet, and will at two", async () => {
    expect(await done("systemctl is-enabled bimcalc-backup.timer && systemctl is-active bimcalc-backup.timer && systemctl show bimcalc-backup.timer --property NextElapseUSecRealtime --property Persistent")).toMatch(/^enabled\nactive\n[\s\S]*02:00:00/);
  });

  it("have copied every whole file elsewhere with aws and with rclone", async () => {
    const names = (await done("cd backups && find . -type f -name '*.sql.gz' -printf '%f\n'")).trim().split("\n");
    expect(names.length).toBeGreaterThan(3);
    const copied = objects.keys("my-bimcalc-backups");
    expect(copied.length).toBeGreaterThan(3);
    expect(copied.filter((key) => !key.startsWith("backups/") || key.includes(".holdfast-"))).toEqual([]);
    expect(objects.keys("bimcalc-backups").map((key) => `backups/${key}`)).toEqual(copied);
  });

  it("fail on a drive that is not mounted, and write nothing underneath", async () => {
    await done("sudo umount /mnt/backup-drive");
    const { code, out, err } = await machine.shell("./scripts/backup_postgres.sh /mnt/backup-drive/bimcalc");
    expect({ code: code === 0, said: `${out}${err}` }).toEqual({ code: false, said: expect.stringContaining("❌") as string });
    expect(await done("ls -A /mnt/backup-drive")).toBe("");
  });

  it("have cron do what their crontab lines say", async () => {
    const lines = cronLines.filter((line) => !line.endsWith(" ...") && !line.includes("docker compose"));
    expect(lines).toHaveLength(3);
    const before = Number(await done("ls backups/*.sql.gz | wc -l"));
    // One right after the other: two backups of one database at once are refused.
    const ofCron = (line: string, seconds: number) => `* * * * * sleep ${seconds}; ${line.replace(schedule(line), "").trim()}`.replace("HOLDFAST_NODE=/usr/bin/node", `HOLDFAST_NODE=${process.execPath}`);
    const failing = lines.find((line) => line.includes("mail")) ?? "";
    // A variable holds for the lines below it: the last one is once more the one that mails, where its backup fails.
    await machine.write("/tmp/crontab", [...lines.map((line, index) => ofCron(line, index * 8)), "POSTGRES_CONTAINER=holdfast-test-not-there", ofCron(failing, 0), ""].join("\n"));
    await done(": > logs/backup.log && crontab /tmp/crontab");
    const log = () => done("cat logs/backup.log");
    await vi.waitFor(async () => expect((await log()).match(/✅ Backup Complete/g)).toHaveLength(2), { timeout: 110_000, interval: 1_000 });
    await done("crontab -r");
    expect(await log()).toContain("to s3://my-bimcalc-backups/backups/");
    expect(Number(await done("ls backups/*.sql.gz | wc -l"))).toBe(before + 2);
    expect(mail.mails.map(({ subject, text: said }) => [subject, said?.trim()])).toEqual([["bimcalc backup failed", "Backup failed"]]);
  }, 180_000);
});
