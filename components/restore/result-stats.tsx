import { Stat, StatBar } from "@/components/ui/stat-bar";
import { count, plural } from "@/lib/format/counts";
import { duration, span } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import { timeOfDay } from "@/lib/format/times";
import { namesOf } from "@/lib/restore/plan-rows";
import { isLive, type RestoreView, sumRows } from "@/lib/restore/result";

/** How long it was away, how long it took against what was promised, and what it brought and cost in rows. */
export function ResultStats({ view }: { view: RestoreView }) {
  const { outcome, downtimeMs, totalMs, objectiveMs, drill, method } = view;
  const sums = outcome ? sumRows(outcome.rows) : null;
  const isLate = totalMs !== null && totalMs > objectiveMs;
  return (
    <StatBar>
      <Stat label="Downtime" note={downNote(view)}>{method === "beside" ? "none" : duration(downtimeMs)}</Stat>
      <Stat label="Took" note={<><span className={isLate ? "font-medium text-exposed" : undefined}>{isLate ? "over the objective of" : "objective"} {span(objectiveMs / 1_000)}</span>, {drill ? `drill said ${duration(drill.totalMs)}` : "no drill before it"}</>}>
        {duration(totalMs)}
      </Stat>
      {method === "beside" ? (
        <Stat label="Rows" note={outcome ? `in ${plural(outcome.rows.length, "table")}` : "not counted"}>{outcome?.compared.rows == null ? unknown : count(outcome.compared.rows)}</Stat>
      ) : (
        <>
          <Stat label="Rows back" note={sums === null ? "not counted before and after" : sums.back === 0 ? "no table grew" : `in ${namesOf(sums.backIn, 2)}`}>{sums === null ? unknown : count(sums.back)}</Stat>
          <Stat label="Rows taken out" note={sums === null ? "not counted before and after" : outNote(view, sums.outOf)}>{sums === null ? unknown : count(sums.out)}</Stat>
        </>
      )}
    </StatBar>
  );
}

function downNote({ outcome, method, hadPrevious }: RestoreView): string {
  if (method === "beside") return "the live database was not touched";
  if (!hadPrevious) return "there was no database before";
  if (!outcome?.downFrom || !outcome.downTo) return "not measured";
  return `${timeOfDay(outcome.downFrom)} to ${timeOfDay(outcome.downTo)} UTC`;
}

function outNote(view: RestoreView, tables: readonly string[]): string {
  if (tables.length === 0) return "no table shrank";
  const from = `from ${tables.length === 1 ? namesOf(tables) : plural(tables.length, "table")}`;
  return isLive(view) && view.kept?.isThere ? `${from}, kept until undo ends` : from;
}
