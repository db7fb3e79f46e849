import { Badge, type Tone } from "@/components/ui/badge";
import { Arc, Bars, DashedCircle, Octagon, type ShapeProps, Tick, Triangle } from "@/components/ui/shapes";
import type { ComponentType } from "react";
import type { OccurrenceState } from "@/lib/schedule/schemas";

// The only map from what became of a time to its look. A new state does not compile until it has one.
const looks = {
  expected: { word: "Due", tone: "plain", shape: DashedCircle },
  claimed: { word: "Under way", tone: "working", shape: Arc },
  done: { word: "Done", tone: "plain", shape: Tick },
  late: { word: "Late", tone: "warning", shape: Triangle },
  missed: { word: "Missed", tone: "danger", shape: DashedCircle },
  skipped: { word: "Skipped", tone: "neutral", shape: Bars },
  failed: { word: "Failed", tone: "danger", shape: Octagon },
} as const satisfies Record<OccurrenceState, { word: string; tone: Tone; shape: ComponentType<ShapeProps> }>;

/** What became of a time at which something was wanted: shape, word and colour. */
export function OccurrenceBadge({ state }: { state: OccurrenceState }) {
  const { word, tone, shape: Shape } = looks[state];
  return (
    <Badge tone={tone} icon={<Shape size={14} />}>
      {word}
    </Badge>
  );
}

/** What became of the times before, newest first, as shapes alone; the words are for who cannot see them. */
export function OccurrenceTrail({ states }: { states: readonly OccurrenceState[] }) {
  if (states.length === 0) return null;
  return (
    <span role="img" aria-label={`Before that, newest first: ${states.map((state) => looks[state].word.toLowerCase()).join(", ")}`} className="flex gap-1 text-ink-3">
      {states.map((state, index) => {
        const Shape = looks[state].shape;
        return <Shape key={index} size={12} />;
      })}
    </span>
  );
}
