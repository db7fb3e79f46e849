import { count, plural } from "@/lib/format/counts";
import { duration, elapsed } from "@/lib/format/durations";
import { shortTime } from "@/lib/format/times";
import { neverMeasured } from "@/lib/history/words";
import { isThere, notThere, planTotals, rowsSentence, tableName } from "@/lib/restore/plan-rows";
import type { ReadPlan } from "@/lib/restore/read-plan";
import { effectOf, reviewTitle, undoWords } from "@/lib/restore/review-words";
import type { PlanCheck, PlanRow } from "@/lib/restore/schemas";
import type { Colour, Screen } from "./screen";
import { plain, table } from "./text";

const marks = { passed: ["✓", "green"], warning: ["!", "yellow"], blocking: ["✗", "red"] } as const satisfies Record<PlanCheck["outcome"], readonly [string, Colour]>;
const mostTables = 12;

/** The plan as a person reads it before confirming: what stops it first, then what it does, costs and brings. */
export function planLines(screen: Screen, { plan, evidence }: ReadPlan): string[] {
  const { decision, checks } = plan;
  const { backup, target } = evidence;
  const of = backup.databaseName === target.databaseName ? null : backup.databaseName;
  const { title, sub } = reviewTitle({ method: decision.method, live: target.name, newName: decision.method === "beside" ? decision.targetName : null, takenAt: backup.takenAt, of, now: plan.computedAt });
  const sentence = rowsSentence(plan, of === null ? backup.takenAt : null);
  const replaces = effectOf(plan, evidence) === "replaces";
  const costs = replaces ? [`${sentence.lead}${sentence.rest}`] : [];
  return [
    screen.paint("bold", plain(title)),
    plain(sub),
    "",
    ...checks.flatMap((check) => checkLine(screen, check)),
    "",
    ...decision.steps.map((step, index) => plain(`  ${index + 1}. ${step}`)),
    ...rowLines(plan.rows, replaces),
    "",
    ...costs.map(plain),
    plain(`Takes ${plan.takesAboutMs === null ? `a time that is not known (${neverMeasured})` : `about ${duration(plan.takesAboutMs)}`}; goes back ${elapsed(plan.goesBackMs)}, to ${shortTime(backup.takenAt)} UTC.`),
    ...(plan.closesSessions > 0 ? [plain(`${plural(plan.closesSessions, "connection")} will be closed.`)] : []),
    plain(plan.undoUntil ? `It can be undone ${undoWords(decision)}.` : decision.method === "beside" ? "Nothing live is touched." : "It cannot be undone in one step."),
    ...plan.notRestored.map((line) => plain(`Not restored: ${line}`)),
  ];
}

function checkLine(screen: Screen, { outcome, title, detail, fix }: PlanCheck): string[] {
  const [mark, colour] = marks[outcome];
  return [`${screen.paint(colour, mark)} ${plain(`${title}: ${detail}`)}`, ...(fix !== null && outcome !== "passed" ? [plain(`  ${fix}`)] : [])];
}

/** Those that change most, and the sums. Where nothing is replaced there is no table of now. */
function rowLines(rows: ReadPlan["plan"]["rows"], replaces: boolean): string[] {
  if (!rows || rows.length === 0) return [];
  const totals = planTotals(rows);
  const line = (name: string, now: string, after: string) => [`  ${name}`, ...(replaces ? [now] : []), after].map(plain);
  const cell = (row: PlanRow, when: "now" | "after") => (isThere(row, when) ? count(row[when]) : notThere);
  const shown = rows.slice(0, mostTables).map((row) => line(tableName(row), cell(row, "now"), cell(row, "after")));
  const rest = rows.length > mostTables ? [line("others", "", "")] : [];
  const heads = [{ title: "  TABLE" }, ...(replaces ? [{ title: "RECORDS NOW", align: "right" as const }] : []), { title: replaces ? "AFTERWARDS" : "RECORDS", align: "right" as const }];
  return ["", ...table(heads, [...shown, ...rest, line("all", count(totals.now), count(totals.after))])];
}
