import { CodeBlock, CodeDim } from "@/components/ui/code-block";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { count, plural } from "@/lib/format/counts";
import { logTime } from "@/lib/format/times";
import type { RunView } from "@/lib/runs/live";

/** What the run wrote about itself, oldest first. */
export function RunLog({ view, whole }: { view: RunView; whole: boolean }) {
  const { lines, total } = view.log;
  const path = `/runs/${view.id}`;
  const note = lines.length < total ? `last ${count(lines.length)} of ${count(total)} lines, UTC` : `${plural(total, "line")}, UTC`;
  const end = whole ? <TextLink href={path} scroll={false}>Last lines only</TextLink> : lines.length < total ? <TextLink href={`${path}?log=all`} scroll={false}>Whole log</TextLink> : null;
  return (
    <Section id="log" title="Log" note={note} end={end} className="mt-8">
      {lines.length === 0 ? (
        <p className="text-table text-ink-2">Nothing yet. The first line comes when a worker takes the run.</p>
      ) : (
        <CodeBlock label="Lines of the log" copy={lines.map((line) => `${line.at} ${line.text}`).join("\n")} wrap>
          {lines.map((line) => (
            <span key={line.id} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-[2ch]">
              <CodeDim>{logTime(line.at)}</CodeDim>
              <span className={line.type === "warning" ? "text-at-risk" : undefined}>
                {line.type === "warning" ? "warning: " : ""}
                {line.text}
              </span>
            </span>
          ))}
        </CodeBlock>
      )}
    </Section>
  );
}
