import type { Command } from "commander";
import { z } from "zod";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { shortTime } from "@/lib/format/times";
import { previewRetention } from "@/lib/retention/preview";
import { keptWords, removedWords, type RetentionPreview } from "@/lib/retention/preview-schemas";
import { policyOf } from "@/lib/retention/read";
import { startCleanUp } from "@/lib/retention/save";
import { keptReasons, RetentionPolicy } from "@/lib/retention/schemas";
import type { Act } from "../act";
import { confirmedName } from "../confirm";
import { cliErrors } from "../errors";
import { exitCodeOfRun } from "../exit-codes";
import { findDatabase, shownId } from "../find";
import { wholeNumber } from "../options";
import { perform } from "../perform";
import { runData, runEnd } from "../run-end";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain, table } from "../text";

export function addPrune(program: Command, act: Act): void {
  program
    .command("prune")
    .argument("[database]", "whose backups")
    .summary("what the rules let go, and removing it")
    .description("Shows which backups would go by the database's rules, or by one given here, and why the others stay; --dry-run ends there. The newest proven, the newest readable, the newest three good ones, what is kept by hand and what is on hold stay whatever is asked.")
    .option("--dry-run", "only show it")
    .option("--older-than <days>", "this once: all that are older, counted back from the newest good one", wholeNumber(0, 3_660))
    .option("--newest <number>", "this once: all but the newest so many", wholeNumber(1, 10_000))
    .option("--confirm <name>", "the name of the database, instead of being asked")
    .action(act.session(prune));
}

const Options = z.object({ dryRun: z.boolean().default(false), olderThan: z.number().optional(), newest: z.number().optional(), confirm: z.string().optional() });

async function prune(session: Session, name: string | undefined, flags: unknown): Promise<Done> {
  const { ctx, screen } = session;
  const options = Options.parse(flags);
  const database = await findDatabase(session, name);
  const rule = ruleOf(options) ?? { policy: policyOf(database), why: "by its retention rules" };
  if (!rule.policy) return { data: { database: database.name, removes: [], policy: null }, text: [plain(`${database.name} has no rules: everything is kept. Give it some under Settings, Retention, or use --older-than or --newest.`)] };
  const preview = await previewRetention(ctx, { databaseId: database.id, policy: rule.policy });
  const data = { database: database.name, policy: rule.policy, removes: preview.go.listed, count: preview.go.count, freedBytes: preview.go.bytes, stays: preview.stay.count, keptFor: preview.byReason };
  if (options.dryRun || preview.go.count === 0) return { data, text: linesOf(preview) };
  for (const line of linesOf(preview)) screen.say(line);
  const phrase = await confirmedName(database.name, options);
  const input = { databaseId: database.id, policy: rule.policy, why: rule.why, hash: preview.hash, shown: preview.go.count, phrase };
  const view = await perform(session, () => startCleanUp(ctx, input));
  const [last] = view.steps.map(({ detail }) => detail).filter(Boolean);
  return { data: { ...data, ...runData(view) }, text: view.status === "succeeded" ? [plain(last ?? "Removed.")] : runEnd(screen, view), exitCode: exitCodeOfRun(view) };
}

function ruleOf({ olderThan, newest }: z.output<typeof Options>): { policy: RetentionPolicy; why: string } | null {
  if (olderThan !== undefined && newest !== undefined) throw cliErrors.usage({ message: "--older-than and --newest exclude each other." });
  if (olderThan !== undefined) return { policy: RetentionPolicy.parse({ everyDays: olderThan, foreign: true }), why: `older than ${plural(olderThan, "day")}` };
  return newest === undefined ? null : { policy: RetentionPolicy.parse({ everyDays: 0, newest, foreign: true }), why: `all but the newest ${newest}` };
}

function linesOf({ go, stay, byReason }: RetentionPreview): string[] {
  const stays = keptReasons.flatMap((reason) => (byReason[reason] ? [`  ${plural(byReason[reason], "backup")}: ${keptWords[reason]}`] : []));
  const goes = table([{ title: "  ID" }, { title: "TAKEN (UTC)" }, { title: "SIZE", align: "right" }, { title: "WHY" }], go.listed.map((one) => [`  ${shownId(one.id)}`, shortTime(one.takenAt, new Date()), bytes(one.sizeBytes), removedWords[one.reason]].map(plain)));
  return [go.count === 0 ? "Nothing would go." : `${plural(go.count, "backup")} would go, ${bytes(go.bytes)}${go.foreign > 0 ? `, ${go.foreign} of them not made by Holdfast` : ""}:`, ...goes, `${plural(stay.count, "backup")} would stay, for these reasons (one may have several):`, ...stays].map(plain);
}
