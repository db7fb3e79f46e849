import type { Command } from "commander";
import { rungWords } from "@/components/proof/rungs";
import { stateWords } from "@/components/status/state";
import { age } from "@/lib/format/ages";
import { span } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import { minuteTime } from "@/lib/format/times";
import { readOverview } from "@/lib/monitoring/read";
import type { Overview, OverviewDatabase, State } from "@/lib/monitoring/schemas";
import { watchStores } from "@/lib/worker/watch-stores";
import type { Act } from "../act";
import { exitCodes, type ExitCode } from "../exit-codes";
import { findDatabase } from "../find";
import { hasWorker } from "../perform";
import type { Done, Screen } from "../screen";
import type { Session } from "../session";
import { plain, table } from "../text";
import { stateColours } from "../words";

export function addStatus(program: Command, act: Act): void {
  program
    .command("status")
    .argument("[database]", "only this one")
    .summary("what would be lost now, and how to mend it")
    .description("What would be lost if everything were lost now. Ends with 5 when a database is past its target, and with 9 when nothing is known of one.")
    .action(act.session(status));
}

async function status(session: Session, name: string | undefined): Promise<Done> {
  const { ctx, screen } = session;
  const only = name === undefined ? null : await findDatabase(session, name);
  const isWatched = await hasWorker(session);
  if (!isWatched) {
    await watchStores(ctx.db, ctx.clock);
    screen.warn("No worker is running: schedules start nothing, and this command has looked at the stores itself.");
  }
  const overview = await readOverview(ctx, isWatched ? {} : { lookedAt: ctx.clock.now() });
  const databases = overview.databases.filter(({ id }) => only === null || id === only.id);
  const data = { worker: isWatched, verdict: overview.verdict, databases: databases.map(({ days: _, ...database }) => database), attention: overview.attention, stores: overview.stores };
  return { data, text: textOf(screen, overview, databases, only === null), exitCode: exitCodeOf(databases) };
}

/** The worst database speaks. */
function exitCodeOf(databases: readonly OverviewDatabase[]): ExitCode {
  if (databases.length === 0) return exitCodes.notFound;
  const codes = databases.map(({ state }) => codeOfState[state]);
  return [exitCodes.pastObjective, exitCodes.unknown].find((code) => codes.includes(code)) ?? exitCodes.done;
}

const codeOfState = { exposed: exitCodes.pastObjective, unknown: exitCodes.unknown, at_risk: exitCodes.done, running: exitCodes.done, paused: exitCodes.done, protected: exitCodes.done } as const satisfies Record<State, ExitCode>;

function textOf(screen: Screen, overview: Overview, databases: readonly OverviewDatabase[], isWhole: boolean): string[] {
  const { verdict, now } = overview;
  if (databases.length === 0) return ["No database is registered yet. Add one: holdfast databases add --help"];
  const head = [{ title: "DATABASE" }, { title: "STATE" }, { title: "NEWEST BACKUP" }, { title: "COULD LOSE", align: "right" as const }, { title: "TARGET", align: "right" as const }, { title: "NEXT" }];
  const rows = databases.map((one) => [
    plain(one.name),
    screen.paint(stateColours[one.state], stateWords[one.state]),
    one.newest ? plain(`${rungWords[one.newest.rung].toLowerCase()}, ${minuteTime(one.newest.takenAt)} UTC`) : plain(one.unknownWhy ?? unknown),
    one.newest ? plain(age(one.newest.takenAt, now).replace(/\sago$/u, "")) : unknown,
    plain(span(one.objectiveRpoSeconds)),
    nextOf(one, now),
  ]);
  const said = isWhole && verdict ? [screen.paint("bold", plain(verdict.headline)), ...verdict.sentences.map(plain), ""] : [];
  const attention = isWhole ? overview.attention : [];
  return [...said, ...table(head, rows), ...(attention.length > 0 ? [""] : []), ...attention.flatMap((item) => [screen.paint(item.state ? stateColours[item.state] : "grey", plain(item.title)), ...[item.detail, item.toolOutput ?? ""].filter(Boolean).map((line) => `  ${plain(line)}`)])];
}

function nextOf({ nextRun, activeRunId }: OverviewDatabase, now: string): string {
  if (activeRunId !== null) return `run ${activeRunId} under way`;
  if (!nextRun) return "by hand only";
  if (nextRun.pausedBy !== null) return plain(`paused by ${nextRun.pausedBy}`);
  return nextRun.at === null ? unknown : plain(age(nextRun.at, now));
}
