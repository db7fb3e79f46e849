import type { Command } from "commander";
import { z } from "zod";
import { duration } from "@/lib/format/durations";
import { shortTime } from "@/lib/format/times";
import { listRuns, type RunRow } from "@/lib/runs/list";
import { isActive } from "@/lib/runs/schemas";
import { readRun } from "@/lib/runs/read";
import { RunsParams } from "@/lib/runs/search-params";
import type { Act } from "../act";
import { exitCodeOfRun } from "../exit-codes";
import { findDatabase } from "../find";
import { wholeNumber } from "../options";
import { follow } from "../perform";
import { stepLine } from "../progress";
import { runData, runEnd } from "../run-end";
import type { Done, Screen } from "../screen";
import type { Session } from "../session";
import { plain, table } from "../text";
import { statusWord } from "../words";

export function addRuns(program: Command, act: Act): void {
  program
    .command("runs")
    .argument("[run]", "the number of one run, to see its steps", wholeNumber(1))
    .summary("what was done, and what is being done")
    .description("The newest runs, or one of them with its steps. Ends with the code of the run when one is named.")
    .option("--database <name>", "only runs of this database")
    .option("--limit <number>", "how many at most", wholeNumber(1, 25), 15)
    .option("-f, --follow", "wait until the run is over; Ctrl-C ends the waiting, not the run")
    .action(act.session(runs));
}

const Options = z.object({ database: z.string().optional(), limit: z.number(), follow: z.boolean().default(false) });

async function runs(session: Session, runId: number | undefined, flags: unknown): Promise<Done> {
  const options = Options.parse(flags);
  if (runId !== undefined) return oneRun(session, runId, options.follow);
  const database = options.database === undefined ? null : await findDatabase(session, options.database);
  const { rows, total } = await listRuns(session.ctx, RunsParams.parse({ database: database?.id }));
  const shown = rows.slice(0, options.limit);
  return { data: { total, runs: shown }, text: shown.length === 0 ? ["Nothing was run yet."] : linesOf(session.screen, shown) };
}

async function oneRun(session: Session, runId: number, wants: boolean): Promise<Done> {
  const view = wants ? await follow(session, runId, { cancels: false }) : await readRun(session.ctx, { id: runId, log: "all" });
  const steps = view.steps.filter(({ state }) => state === "done").map((step) => `  ${stepLine(step)}`);
  const log = session.screen.isVerbose ? view.log.lines.map((line) => plain(`  ${line.text}`)) : [];
  const end = isActive(view.status) ? [`${plain(view.title)}: ${statusWord(session.screen, view.status)}, run ${view.id}`] : runEnd(session.screen, view);
  return { data: { ...runData(view), steps: view.steps, log: view.log.lines }, text: [...end, ...steps, ...log], exitCode: exitCodeOfRun(view) };
}

function linesOf(screen: Screen, rows: readonly RunRow[]): string[] {
  const head = [{ title: "RUN", align: "right" as const }, { title: "QUEUED (UTC)" }, { title: "WHAT" }, { title: "STATUS" }, { title: "TOOK", align: "right" as const }, { title: "BY" }];
  return table(head, rows.map((row) => [
    String(row.id),
    plain(shortTime(row.queuedAt, new Date())),
    plain(row.title),
    statusWord(screen, row.status),
    plain(row.startedAt && row.finishedAt ? duration(Date.parse(row.finishedAt) - Date.parse(row.startedAt)) : ""),
    plain(row.initiatorName),
  ]));
}
