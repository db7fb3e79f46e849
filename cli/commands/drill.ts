import type { Command } from "commander";
import { z } from "zod";
import { findDrillOfRun, readDrill, type DrillDetail } from "@/lib/drill/read";
import { startDisasterDrill, startDrill } from "@/lib/drill/start";
import { duration } from "@/lib/format/durations";
import type { Act } from "../act";
import { exitCodeOfRun, exitCodes, type ExitCode } from "../exit-codes";
import { findBackup, findDatabase } from "../find";
import { perform } from "../perform";
import { runData, runEnd } from "../run-end";
import type { Colour, Done, Screen } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";

export function addDrill(program: Command, act: Act): void {
  program
    .command("drill")
    .argument("[backup]", "latest, an id or the start of one, or a file's name", "latest")
    .summary("restore a backup in a throwaway container and compare it")
    .description("Restores a backup where nothing else can reach it, compares schema, records and contents with the manifest, and removes everything again. A backup that passes is proven. Ends with 8 when it does not, with 9 when it could not be set up, and with 1 when the application of a disaster drill did not answer.")
    .option("--database <name>", "whose latest")
    .option("--disaster", "a fresh backup, total loss on a copy, restore, with times: the yearly drill")
    .option("--no-wait", "leave it to the worker and return at once")
    .action(act.session(drill));
}

const Options = z.object({ database: z.string().optional(), disaster: z.boolean().default(false), wait: z.boolean() });

async function drill(session: Session, wanted: string, flags: unknown): Promise<Done> {
  const { ctx } = session;
  const { database: name, disaster, wait } = Options.parse(flags);
  const { id } = disaster ? await findDatabase(session, name) : await findBackup(session, wanted, name);
  const start = () => (disaster ? startDisasterDrill(ctx, { databaseId: id }) : startDrill(ctx, { backupId: id }));
  const view = await perform(session, start, { wait });
  const found = await findDrillOfRun(ctx, view.id);
  const detail = found && (await readDrill(ctx, found));
  const data = { ...runData(view), drill: detail && { id: detail.id, outcome: detail.outcome, backup: detail.backupId, totalMs: detail.totalMs, phases: detail.phases, checks: detail.report?.checks ?? [], application: applicationIn(detail)?.outcome ?? null } };
  if (!detail?.outcome) return { data, text: runEnd(session.screen, view), exitCode: exitCodeOfRun(view) };
  return { data, text: [...(view.error ? runEnd(session.screen, view) : []), ...linesOf(session.screen, detail)], exitCode: view.status === "cancelled" ? exitCodes.cancelled : codeOfDrill(detail.outcome, detail) };
}

const codeOf = { passed: exitCodes.done, failed: exitCodes.integrity, inconclusive: exitCodes.unknown } as const satisfies Record<NonNullable<DrillDetail["outcome"]>, ExitCode>;

function applicationIn({ report }: DrillDetail) {
  return report?.disaster?.steps.find(({ id }) => id === "application");
}

/** A backup that is proven is no recovery while the application does not answer. */
function codeOfDrill(outcome: NonNullable<DrillDetail["outcome"]>, detail: DrillDetail): ExitCode {
  return outcome === "passed" && applicationIn(detail)?.outcome === "failed" ? exitCodes.failed : codeOf[outcome];
}

const marks = { passed: ["✓", "green"], failed: ["✗", "red"], skipped: ["?", "grey"] } as const satisfies Record<string, readonly [string, Colour]>;

function linesOf(screen: Screen, detail: DrillDetail): string[] {
  const { databaseName, outcome, totalMs, objectiveRtoSeconds, report } = detail;
  const application = applicationIn(detail);
  const line = (result: keyof typeof marks, title: string, text: string) => {
    const [mark, colour] = marks[result];
    return `${screen.paint(colour, mark)} ${plain(`${title}: ${text}`)}`;
  };
  const target = objectiveRtoSeconds !== null && totalMs !== null ? (totalMs <= objectiveRtoSeconds * 1_000 ? ", within its target" : `, past its target of ${duration(objectiveRtoSeconds * 1_000)}`) : "";
  return [
    plain(`${databaseName}: the drill ${outcome === "inconclusive" ? "proved nothing" : (outcome ?? "is not over")}${totalMs === null ? "" : ` in ${duration(totalMs)}${target}`}`),
    ...(report?.checks ?? []).map((check) => line(check.outcome, check.title, check.detail)),
    ...(application ? [line(application.outcome === "done" ? "passed" : application.outcome, application.title, application.detail)] : []),
  ];
}
