import { CheckIcon } from "@/components/status/check-list";
import { cn } from "@/components/ui/cn";
import { CodeBlock } from "@/components/ui/code-block";
import { Section } from "@/components/ui/section";
import type { DrillCheckResult } from "@/lib/drill/schemas";
import { checksSentence } from "@/lib/drill/sentence";
import { duration } from "@/lib/format/durations";

const words = { passed: "passed", failed: "failed", skipped: "not asked" } as const satisfies Record<DrillCheckResult["outcome"], string>;

/** Everything a drill asked, with what was expected and what it got. One that asked nothing proved nothing, and says so. */
export function DrillChecks({ checks, isUnderWay = false, first = false }: { checks: readonly DrillCheckResult[]; isUnderWay?: boolean; first?: boolean }) {
  return (
    <Section first={first} id="checks" title="What was checked" note={checks.length > 0 ? checksSentence(checks) : null}>
      {checks.length > 0 ? <CheckList checks={checks} /> : <p className="text-table text-ink-2">{isUnderWay ? "The drill is under way; its checks stand here when it is over." : "No check ran, so nothing was proven."}</p>}
    </Section>
  );
}

function CheckList({ checks }: { checks: readonly DrillCheckResult[] }) {
  return (
    <ol className="overflow-clip rounded-panel border border-line bg-surface">
      {checks.map((check, index) => (
        <li key={`${check.id}${index}`} className="grid grid-cols-[20px_1fr_auto] gap-x-3 border-b border-line px-[18px] py-[11px] text-[13.5px]/5 last:border-b-0">
          <span className="mt-0.5"><CheckIcon outcome={check.outcome} /></span>
          <div className="min-w-0 [overflow-wrap:anywhere]">
            <span className={cn("font-medium", check.outcome === "skipped" && "text-ink-3")}>
              {check.title}
              <span className="sr-only">, {words[check.outcome]}</span>
            </span>
            <div className="text-table text-ink-2">{check.detail}</div>
          </div>
          <div className="text-right text-table whitespace-nowrap text-ink-3">{check.ms === null ? null : duration(check.ms)}</div>
          {check.query !== null || check.expected !== null || check.got !== null ? (
            <dl className="col-span-2 col-start-2 mt-2 grid grid-cols-[72px_minmax(0,1fr)] items-start gap-x-3 gap-y-1.5 text-table max-sm:col-span-3 max-sm:col-start-1">
              <Answer label="Query" text={check.query} name={check.title} />
              <Answer label="Expected" text={check.expected} name={check.title} />
              <Answer label="Got" text={check.got} name={check.title} wrong={check.outcome === "failed"} />
            </dl>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

function Answer({ label, text, name, wrong = false }: { label: string; text: string | null; name: string; wrong?: boolean }) {
  if (text === null) return null;
  return (
    <>
      <dt className="pt-1.5 text-ink-3">{label}</dt>
      <dd className="min-w-0">
        <CodeBlock label={`${label}: ${name}`} wrap className={cn("max-h-56 [&>pre]:px-2.5 [&>pre]:py-1.5", wrong && "[&>pre]:border-exposed-line [&>pre]:bg-exposed-soft")}>
          {text === "" ? <span className="text-ink-3">nothing</span> : text}
        </CodeBlock>
      </dd>
    </>
  );
}
