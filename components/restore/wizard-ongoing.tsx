import { Age } from "@/components/time/age";
import { Banner } from "@/components/ui/banner";
import { Section } from "@/components/ui/section";
import { Arc } from "@/components/ui/shapes";
import { TextLink } from "@/components/ui/text-link";
import type { Instant } from "@/lib/format/times";
import { type OngoingRestore, ongoingWords } from "@/lib/restore/ongoing";

/** What other restores left to do: follow, decide, undo. */
export function OngoingRestores({ restores, now }: { restores: readonly OngoingRestore[]; now: Instant }) {
  const shown = restores.flatMap((restore) => {
    const words = ongoingWords(restore);
    return words ? [{ restore, words }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <Section id="ongoing" title="Not over yet" note="restores to follow, decide on, or undo">
      <ul className="grid gap-2.5">
        {shown.map(({ restore, words }) => (
          <li key={restore.runId}>
            <Banner
              tone={words.tone}
              title={words.title}
              {...(restore.isActive ? { icon: <Arc className="text-running" /> } : {})}
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
