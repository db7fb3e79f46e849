import { Undo2 } from "lucide-react";
import { Age } from "@/components/time/age";
import { Banner } from "@/components/ui/banner";
import { Section } from "@/components/ui/section";
import { Arc } from "@/components/ui/shapes";
import { TextLink } from "@/components/ui/text-link";
import type { Instant } from "@/lib/format/times";
import { type OngoingRestore, ongoingWords } from "@/lib/restore/ongoing";

/** What other restores left to do: follow, decide, undo. */
export function OngoingRestores({ restores, now }: { restores: readonly OngoingRestore[]; now: Instant }) {
  const found = restores.flatMap((restore) => {
    const words = ongoingWords(restore);
    return words ? [{ restore, words }] : [];
  });
  // What waits for a person first, then what runs.
  const rank = ({ restore, words }: (typeof found)[number]) => (words.tone === "warning" ? 0 : restore.isActive ? 1 : 2);
  const shown = found.toSorted((a, b) => rank(a) - rank(b));
  if (shown.length === 0) return null;
  return (
    <Section id="ongoing" title="Not over yet" note="restores to follow, decide on, or undo">
      <ul className="grid gap-2.5">
        {shown.map(({ restore, words }) => (
          <li key={restore.runId}>
            <Banner
              tone={words.tone}
              title={words.title}
              {...(words.tone === "warning" ? {} : { icon: restore.isActive ? <Arc className="text-running" /> : <Undo2 size={16} strokeWidth={1.75} aria-hidden className="text-accent" /> })}
              action={
                <TextLink href={`/runs/${restore.runId}`} aria-label={`${words.link}: run ${restore.runId}`}>
                  {words.link}
                </TextLink>
              }
            >
              {words.text} <span className="text-ink-3">Started <Age at={restore.startedAt} now={now} />.</span>
            </Banner>
          </li>
        ))}
      </ul>
    </Section>
  );
}
