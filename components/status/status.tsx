import type { ComponentType } from "react";
import { type State, stateWords } from "@/components/status/state";
import { Badge, type Tone, toneText } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { Arc, Bars, DashedCircle, Disc, Octagon, type ShapeProps, Triangle } from "@/components/ui/shapes";

interface Look {
  shape: ComponentType<ShapeProps>;
  tone: Tone;
}

// The only map from state to shape and colour. A new state does not compile until it has a look.
const looks = {
  exposed: { shape: Octagon, tone: "danger" },
  unknown: { shape: DashedCircle, tone: "neutral" },
  at_risk: { shape: Triangle, tone: "warning" },
  running: { shape: Arc, tone: "working" },
  paused: { shape: Bars, tone: "neutral" },
  protected: { shape: Disc, tone: "good" },
} as const satisfies Record<State, Look>;

/** The text colour of a state, for a word or figure beside its shape. */
export function stateText(state: State): string {
  return toneText[looks[state].tone];
}

/** The shape alone. `label` where no word stands beside it. */
export function StatusIcon({ state, size = 16, label = false, className }: { state: State; size?: number; label?: boolean; className?: string }) {
  const { shape: Icon, tone } = looks[state];
  const icon = <Icon size={size} className={cn(toneText[tone], !label && className)} />;
  if (!label) return icon;
  return (
    <span role="img" aria-label={stateWords[state]} title={stateWords[state]} className={cn("inline-flex", className)}>
      {icon}
    </span>
  );
}

/** Shape and word; `chip` adds the soft ground. */
export function StatusBadge({ state, chip = false, className }: { state: State; chip?: boolean; className?: string }) {
  return (
    <Badge tone={looks[state].tone} chip={chip} className={className} icon={<StatusIcon state={state} />}>
      {stateWords[state]}
    </Badge>
  );
}
