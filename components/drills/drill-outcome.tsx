import type { ComponentType } from "react";
import { outcomeWords } from "@/components/drills/words";
import { Badge, type Tone, toneText } from "@/components/ui/badge";
import { Arc, DashedCircle, Octagon, type ShapeProps, Tick } from "@/components/ui/shapes";
import type { DrillOutcome } from "@/lib/drill/schemas";

type Shown = DrillOutcome | "running";

// A drill that passed is a check that held: a tick. What it proved is the backup, and that one is green.
const looks = {
  passed: { shape: Tick, tone: "plain", icon: toneText.good },
  failed: { shape: Octagon, tone: "danger", icon: toneText.danger },
  inconclusive: { shape: DashedCircle, tone: "neutral", icon: toneText.neutral },
  running: { shape: Arc, tone: "working", icon: toneText.working },
} as const satisfies Record<Shown, { shape: ComponentType<ShapeProps>; tone: Tone; icon: string }>;

/** What came of a drill, as shape and word; null while it runs. */
export function DrillOutcomeBadge({ outcome, chip = false, className }: { outcome: DrillOutcome | null; chip?: boolean; className?: string }) {
  const { shape: Icon, tone, icon } = looks[outcome ?? "running"];
  const { word, meaning } = outcome ? outcomeWords[outcome] : { word: "Running", meaning: "under way" };
  return (
    <Badge tone={tone} chip={chip} className={className} title={meaning} icon={<Icon className={icon} />}>
      {word}
    </Badge>
  );
}
