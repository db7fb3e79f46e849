import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installation, type Installation } from "@/cli/testing/installation";
import { readCron } from "@/lib/schedule/cron";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";

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
  "./scripts/setup_backup_schedule.sh cron": "changes the crontab of the machine; the line itself is run as cron would by cli/command-line.integration.test.ts",
  "sudo cp /tmp/bimcalc-backup.service /etc/systemd/system/": "changes the machine's services",
  "sudo systemctl status bimcalc-backup.timer": "needs the service that the block before installs",
  "sudo mkdir -p /mnt/backup-drive": "needs a file server",
  "rsync -av --exclude '.holdfast-partial-*' ./backups/ /mnt/backup-drive/bimcalc/": "needs accounts elsewhere",
  "./scripts/backup_postgres.sh && curl -X POST -H 'Content-type: application/json' \\": "needs a webhook of Slack",
  "holdfast drill --disaster": "takes minutes; lib/drill/run.integration.test.ts runs one",
  "# Restore, and undo it": "its parts are run where they are explained",
};

let server: PostgresContainer;
let here: Installation;

beforeAll(async () => {
  server = await startPostgres({ user: "bimcalc", database: "bimcalc" });
  await server.psql("CREATE TABLE price_items AS SELECT g AS id, md5(g::text) AS name FROM generate_series(1, 32) g; CREATE TABLE pipeline_runs AS SELECT 1 AS id;");
  here = await installation();
});
afterAll(async () => {
  await here?.close();
  await server?.stop();
});

describe("the procedures", () => {
  it("have no block that is neither run, nor listed with a reason, nor checked otherwise", () => {
    const kinds = ["sh run", "sh run input=yes", "sh example", "cron", "text"];
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
    // The test's container cannot have the name that the document uses: others may run at the same time.
    const line = body.replaceAll("bimcalc-postgres", server.name);
    const { code, out, err } = await here.shell(`set -eo pipefail\n${line}`, { input: info.endsWith("input=yes") ? "yes\n" : "", env: { TMPDIR: here.home } });
    expect({ line, code, out, err: err.replace(/^Warning: .*\n/gm, "") }).toEqual({ line, code: 0, out: expect.any(String) as string, err: "" });
  });
});
