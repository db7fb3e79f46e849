import "server-only";
import { AppError } from "@/lib/errors";
import { plural } from "@/lib/format/counts";
import { execText } from "@/lib/docker/exec";
import { pinned, run, type Server } from "@/lib/postgres/server";
import type { Job } from "@/lib/runs/job";
import { checked, type Findings } from "./findings";
import type { OwnCheck } from "./read";
import type { DrillCheckResult } from "./schemas";

/** Asks the restored copy what only a running database can answer: whether its files are sound, and the user's own questions. */
export async function askCopy(job: Job, server: Server, own: readonly OwnCheck[], findings: Findings): Promise<string> {
  // The user's questions first: pg_amcheck puts an extension of its own into the database.
  for (const check of own) {
    job.detail(check.name);
    findings.checks.push(await ask(server, check, job.signal));
  }
  job.detail("pg_amcheck");
  findings.checks.push(await amcheck(server, findings, job.signal));
  const failed = findings.checks.filter(({ id, outcome }) => (id === "own" || id === "amcheck") && outcome === "failed").length;
  return `${own.length === 0 ? "no checks of your own" : plural(own.length, "check of your own", "checks of your own")}${failed > 0 ? `, ${failed} failed` : ""}`;
}

const questionSeconds = 60;
const longestAnswer = 64 << 10;
const shownOfAnswer = 2_000;

/** One question: a single query in a read-only session with a time limit. Its answer is what psql prints, columns apart by tabs. */
export async function ask(server: Server, check: OwnCheck, signal: AbortSignal): Promise<DrillCheckResult> {
  const argv = ["psql", "-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", check.query];
  const settings = { default_transaction_read_only: "on", statement_timeout: `${questionSeconds}s` };
  const started = Date.now();
  const result = (outcome: "passed" | "failed", detail: string, got: string): DrillCheckResult => ({
    id: "own", outcome, title: check.name, detail, query: check.query, expected: check.expected, got: got.slice(0, shownOfAnswer), ms: Date.now() - started,
  });
  try {
    const { exitCode, stdout, stderr } = await execText(server.engine, { ...pinned(server, argv, "psql", settings), limitBytes: longestAnswer }, signal);
    if (exitCode !== 0) return result("failed", "The query failed.", stderr.trim());
    const got = trimmed(stdout);
    const isRight = got === trimmed(check.expected);
    return result(isRight ? "passed" : "failed", isRight ? "The expected answer came." : "Another answer came than expected.", got);
  } catch (error) {
    if (signal.aborted || error instanceof AppError) throw error;
    return result("failed", "The answer is longer than 64 KiB. Ask for less: a count, a sum.", "");
  }
}

/** Line ends and blanks around an answer are nobody's meaning. */
function trimmed(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

/** Exit codes of pg_amcheck: 0 nothing found, 2 something found (manual page, "Exit Status"); 127 is the shell's for no such tool. */
async function amcheck(server: Server, findings: Findings, signal: AbortSignal): Promise<DrillCheckResult> {
  const title = "pg_amcheck";
  if (server.facts.versionNumber < 140_000) return checked("amcheck", "skipped", title, `Not available: PostgreSQL ${server.facts.version} has none, it came with 14.`);
  const { exitCode: has } = await run(server, ["sh", "-c", "command -v pg_amcheck >/dev/null"], {}, signal);
  const contrib = await run(server, ["psql", "-X", "-A", "-t", "-q", "-c", "SELECT count(*) FROM pg_catalog.pg_available_extensions WHERE name = 'amcheck'"], {}, signal);
  if (has !== 0 || contrib.stdout.trim() !== "1") return checked("amcheck", "skipped", title, "Not available: the image has no pg_amcheck, or not the extension it needs.");
  const started = Date.now();
  const { exitCode, stdout, stderr } = await run(server, ["pg_amcheck", "--no-password", "--install-missing", "--heapallindexed"], {}, signal);
  const ms = Date.now() - started;
  if (exitCode === 0) return checked("amcheck", "passed", title, "Every table and B-tree index of the copy is sound, and every row is in its indexes.", ms);
  const got = `${stdout}\n${stderr}`.trim().slice(0, shownOfAnswer);
  if (exitCode === 2) return { ...checked("amcheck", "failed", title, "It found the copy damaged.", ms), got };
  findings.amcheckEnded = got;
  return { ...checked("amcheck", "skipped", title, `It did not come to its end: exit code ${exitCode}.`, ms), got };
}
