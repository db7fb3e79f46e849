import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { benchBackups } from "../bench/backups";
import { benchPages } from "../bench/pages";
import { benchRestores } from "../bench/restore";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, pages: { type: "boolean", default: false }, backup: { type: "boolean", default: false }, restore: { type: "boolean", default: false } },
});
const all = !values.pages && !values.backup && !values.restore;
const rounds = Number(values.rounds);

const report = {
  at: new Date().toISOString(),
  machine: { cores: os.cpus().length, model: os.cpus()[0]?.model ?? "unknown", memoryGiB: Math.round(os.totalmem() / 2 ** 30), node: process.version },
  rounds,
  ...(all || values.backup ? { backups: await benchBackups(rounds) } : {}),
  ...(all || values.restore ? { restores: await benchRestores(rounds) } : {}),
  ...(all || values.pages ? { pages: await benchPages() } : {}),
};
const file = path.resolve("bench-results", `${report.at.replaceAll(":", "-")}.json`);
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`\nWritten to ${path.relative(process.cwd(), file)}`);
