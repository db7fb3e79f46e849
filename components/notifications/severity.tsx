import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { Octagon, Ring, Triangle } from "@/components/ui/shapes";
import type { Severity } from "@/lib/alerts/events";

// Of a kind of message, not of a state that holds: shapes as everywhere, and quiet words.
const looks = {
  info: <Badge tone="plain" className="text-caption font-normal text-ink-3" icon={<Ring size={12} />}>info</Badge>,
  warning: <Badge tone="plain" className="text-caption font-normal text-ink-3" icon={<Triangle size={12} className="text-at-risk" />}>warning</Badge>,
  critical: <Badge tone="plain" className="text-caption font-normal text-ink-3" icon={<Octagon size={12} className="text-exposed" />}>critical</Badge>,
} as const satisfies Record<Severity, ReactNode>;

/** How severe an event is. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  return looks[severity];
}
