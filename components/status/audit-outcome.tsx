import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { DashedCircle, Octagon, Triangle } from "@/components/ui/shapes";
import type { AuditOutcome } from "@/lib/audit/schemas";

const plain = (word: string) => <span className="text-ink-2">{word}</span>;

// Only what deserves a second look has a shape: in a list of a thousand entries a tick on each says nothing.
const looks = {
  started: plain("Started"),
  succeeded: plain("Succeeded"),
  cancelled: plain("Cancelled"),
  failed: <Badge tone="danger" icon={<Octagon size={14} />}>Failed</Badge>,
  refused: <Badge tone="warning" icon={<Triangle size={14} />}>Refused</Badge>,
  lost: <Badge tone="neutral" icon={<DashedCircle size={14} />}>Lost</Badge>,
} as const satisfies Record<AuditOutcome, ReactNode>;

/** How something in the audit log ended. */
export function AuditOutcomeLabel({ outcome }: { outcome: AuditOutcome }) {
  return looks[outcome];
}
