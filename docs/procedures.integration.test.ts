import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installation, type Installation } from "@/cli/testing/installation";
import { readCron } from "@/lib/schedule/cron";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { startWebReceiver, type WebReceiver } from "@/lib/testing/receivers";

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

/** Blocks that no test runs, by their first line, and why. */
const notRun: Record<string, string> = {
  "sudo cp /tmp/bimcalc-backup.service /etc/systemd/system/": "changes the machine's services; what the units say is tested in cli/procedures/schedule-text.test.ts",
  "sudo systemctl status bimcalc-backup.timer": "needs the service that the block before installs",
  "sudo mkdir -p /mnt/backup-drive": "needs a file server",
  "aws s3 sync ./backups s3://my-bimcalc-backups/backups/ --exclude '*.holdfast-*' --storage-class STANDARD_IA": "needs accounts elsewhere",
};

/** Runs a line where crontab(1) keeps its files in a directory that only this line sees: the machine's own stay as they are. */
const ownCrontab = (line: string) => `exec unshare ${process.getuid?.() === 0 ? "" : "--map-root-user "}--mount bash -c ${quoted(`set -e\nmount -t tmpfs -o mode=1730 tmpfs /var/spool/cron/crontabs\n${line}`)}`;
/** What a reader fills in. The test's container cannot have the document's name, as others may run at the same time, and nobody is there to be asked. */
const filledIn = (body: string) =>
  body.replaceAll("bimcalc-postgres", server.name).replaceAll("<backup_file>", '"$(ls -t ./backups/bimcalc_postgres_backup_*.sql.gz | head -1)"').replace(/^holdfast undo$/m, 'holdfast undo --confirm bimcalc --reason "a test"');
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

let server: PostgresContainer;
let here: Installation;
let slack: WebReceiver;
const crontab = () => spawnSync("crontab", ["-l"], { encoding: "utf8" }).stdout;
const crontabBefore = crontab();

beforeAll(async () => {
  slack = await startWebReceiver();
  server = await startPostgres({ user: "bimcalc", database: "bimcalc" });
  await server.psql("CREATE TABLE price_items AS SELECT g AS id, md5(g::text) AS name FROM generate_series(1, 32) g; CREATE TABLE pipeline_runs AS SELECT 1 AS id;");
  here = await installation();
});
afterAll(async () => {
  await slack?.stop();
  await here?.close();
  await server?.stop();
});

describe("the procedures", () => {
  it("have no block that is neither run, nor listed with a reason, nor checked otherwise", () => {
    const kinds = ["sh run", "sh run input=yes", "sh run crontab", "sh run slack", "sh example", "cron", "text"];
    expect(blocks.filter(({ info }) => !kinds.includes(info))).toEqual([]);
    const examples = blocks.filter(({ info }) => info === "sh example").map(({ body }) => body.split("\n")[0]);
    expect(examples).toEqual(Object.keys(notRun));
  });

  it("show schedules that cron understands", () => {
    const lines = blocks.filter(({ info }) => info === "cron").flatMap(({ body }) => body.split("\n")).filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !readCron(line.split(" ").slice(0, 5).join(" ")).ok)).toEqual([]);
  });

  // In order: they are one story, and later ones build on what earlier ones left.
  it.each(runnable.map((block, index) => ({ ...block, name: `${index + 1}, ${block.under}` })))("run: $name", async ({ info, body }) => {
    const line = filledIn(body);
    const whole = `set -eo pipefail\n${line}`;
    const { code, out, err } = await here.shell(info.endsWith("crontab") ? ownCrontab(whole) : whole, { input: info.endsWith("input=yes") ? "yes\n" : "", env: { TMPDIR: here.home, SLACK_WEBHOOK_URL: slack.url } });
    expect({ line, code, out, err: err.replace(/^Warning: .*\n/gm, "") }).toEqual({ line, code: 0, out: expect.any(String) as string, err: "" });
  });

  it("have told Slack of the backup that ended well", () => {
    expect(slack.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ text: "✅ bimcalc backup completed successfully" }]);
  });
  it("have left the machine's own crontab as it was", () => expect(crontab()).toBe(crontabBefore));
});
