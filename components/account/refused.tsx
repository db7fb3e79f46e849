import { EmptyState } from "@/components/ui/empty-state";
import type { PublicError } from "@/lib/errors";

/** In the place of something the person may not see. */
export function Refused({ error }: { error: PublicError }) {
  return (
    <EmptyState kind="failed" title={error.message}>
      {error.hint}
    </EmptyState>
  );
}
