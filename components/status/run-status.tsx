import type { ComponentType } from "react";
import { Badge, type Tone, toneText } from "@/components/ui/badge";
import { Arc, DashedCircle, Octagon, Ring, type ShapeProps, Slash, Tick } from "@/components/ui/shapes";
import { cn } from "@/components/ui/cn";
import type { RunStatus } from "@/lib/runs/schemas";

interface Look {
  word: string;
  meaning: string;
  shape: ComponentType<ShapeProps>;
  tone: Tone;
  /** Where the word itself should stay quiet and only the shape speaks. */
  icon: string;
}

// A run that succeeded did what it was asked; that proves nothing about data, so it gets a tick and no green word.
const looks = {
  queued: { word: "Queued", meaning: "waits for the worker", shape: Ring, tone: "plain", icon: "text-ink-3" },
  running: { word: "Running", meaning: "in progress", shape: Arc, tone: "working", icon: toneText.working },
  succeeded: { word: "Succeeded", meaning: "did what it was asked", shape: Tick, tone: "plain", icon: toneText.good },
  failed: { word: "Failed", meaning: "stopped with an error", shape: Octagon, tone: "danger", icon: toneText.danger },
  cancelled: { word: "Cancelled", meaning: "a person stopped it", shape: Slash, tone: "plain", icon: "text-ink-3" },
  lost: { word: "Lost", meaning: "the worker stopped reporting; the outcome is not known", shape: DashedCircle, tone: "neutral", icon: toneText.neutral },
} as const satisfies Record<RunStatus, Look>;

/** The word for a run's status, for filters and sentences. */
export function runStatusWord(status: RunStatus): string {
  return looks[status].word;
}

/** The shape of a run's status, with no word beside it unless the caller writes one. */
export function RunStatusIcon({ status, size = 16, className }: { status: RunStatus; size?: number; className?: string }) {
  const { shape: Icon, icon } = looks[status];
  return <Icon size={size} className={cn(icon, className)} />;
}

/** Shape and word of a run's status. */
export function RunStatusBadge({ status, chip = false, className }: { status: RunStatus; chip?: boolean; className?: string }) {
  const { word, meaning, tone } = looks[status];
  return (
    <Badge tone={tone} chip={chip} className={className} title={meaning} icon={<RunStatusIcon status={status} />}>
      {word}
    </Badge>
  );
}
