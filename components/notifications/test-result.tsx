import { Arc, Octagon, Tick, Triangle } from "@/components/ui/shapes";
import type { ChannelKind, TestAnswer } from "@/lib/alerts/schemas";
import type { PublicError } from "@/lib/errors";
import { duration } from "@/lib/format/durations";

/** What a test does, and what the receiver said to it. */
export function TestResult({ kind, isTesting, answer, error }: { kind: ChannelKind; isTesting: boolean; answer: TestAnswer | null; error: PublicError | null }) {
  return (
    <div role="status" className="min-w-0">
      {isTesting ? (
        <span className="flex items-center gap-2 text-ink-2"><Arc size={14} className="text-running" /> Sending. A server that does not answer takes up to a minute.</span>
      ) : answer ? (
        <span className="flex items-start gap-2">
          {answer.isSent ? <Tick size={14} className="mt-1 shrink-0 text-protected" /> : answer.isPartly ? <Triangle size={14} className="mt-1 shrink-0 text-at-risk" /> : <Octagon size={14} className="mt-1 shrink-0 text-exposed" />}
          <span className="min-w-0 [overflow-wrap:anywhere]">{answer.isSent ? "Accepted" : answer.isPartly ? "Partly sent" : "Not sent"}, {duration(answer.tookMs)}: <code>{answer.answer}</code></span>
        </span>
      ) : error ? (
        <span className="flex items-start gap-2"><Octagon size={14} className="mt-1 shrink-0 text-exposed" /> <span className="min-w-0">{error.message} {error.hint}</span></span>
      ) : (
        <span className="text-ink-3">{kind === "ping" ? "calls the check with how the last backup ended" : "sends a real message, and shows what the receiver answers"}</span>
      )}
    </div>
  );
}
