import type { ReactNode } from "react";
import { Section } from "@/components/ui/section";
import { Octagon, Slash, Tick, Triangle } from "@/components/ui/shapes";
import { plural } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import type { RestoreView } from "@/lib/restore/result";

const marks = {
  held: <Tick className="text-protected" />,
  failed: <Octagon className="text-exposed" />,
  warns: <Triangle className="text-at-risk" />,
  notAsked: <Slash className="text-ink-3" />,
} as const;

/** What was seen of the application and its connections once the names were swapped. */
export function ResultAfter({ view }: { view: RestoreView }) {
  const { outcome, decision, stopped, method } = view;
  if (method === "beside" || !outcome) return null;
  const { health, closedSessions, exceptions } = outcome;
  const containers = decision.stops.join(", ");
  return (
    <Section id="after" title={method === "swap" ? "After the swap" : "After the restore"} className="mt-6">
      <ul className="grid gap-2 text-table">
        {health ? <Line mark={health.ok ? marks.held : marks.failed} end={`after ${duration(health.ms)}`}>{decision.healthUrl} {health.detail}</Line> : <Line mark={marks.notAsked}>{decision.healthUrl ? `${decision.healthUrl} was not asked` : "No health address is set, so nothing says whether the application works"}</Line>}
        {stopped.length > 0 ? <Line mark={marks.failed}>Still stopped: {stopped.join(", ")}</Line> : decision.stops.length > 0 ? <Line mark={marks.held}>{containers} {decision.stops.length === 1 ? "was" : "were"} stopped and started again</Line> : <Line mark={marks.notAsked}>No application containers are named</Line>}
        <Line mark={marks.held}>{closedSessions === 0 ? "Nobody was connected" : `${plural(closedSessions, "connection")} closed for it`}</Line>
        {exceptions.map((exception) => (
          <Line key={exception} mark={marks.warns}>Missing, and accepted: {exception}</Line>
        ))}
      </ul>
    </Section>
  );
}

function Line({ mark, end, children }: { mark: ReactNode; end?: string; children: ReactNode }) {
  return (
    <li className="flex items-start gap-2.5">
      <span className="mt-0.5 shrink-0">{mark}</span>
      <span className="min-w-0 grow [overflow-wrap:anywhere]">{children}</span>
      {end ? <span className="whitespace-nowrap text-ink-3">{end}</span> : null}
    </li>
  );
}

/** Why it was done, in the words of whoever did it. */
export function ResultReason({ reason }: { reason: string }) {
  return (
    <Section id="reason" title="Reason given" className="mt-7">
      <p className="text-table text-ink-2 [overflow-wrap:anywhere] whitespace-pre-line">{reason}</p>
    </Section>
  );
}
