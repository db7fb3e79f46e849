import { Banner } from "@/components/ui/banner";
import { Arc } from "@/components/ui/shapes";
import type { Question } from "@/components/databases/use-question";

/** While the worker is asked, and when it could not answer. */
export function QuestionState({ question, doing, className }: { question: Question<unknown>; doing: string; className?: string }) {
  if (question.isAsking) {
    return (
      <div role="status" className={className}>
        <p className="flex items-center gap-2.5 text-table text-ink-2">
          <Arc size={16} className="text-running" />
          {doing}
        </p>
        {question.isSlow ? <Banner className="mt-3" title="The worker has not taken this up yet.">It may be away or busy. It goes on by itself once the worker is there; nothing was changed.</Banner> : null}
      </div>
    );
  }
  if (!question.error) return null;
  return (
    <Banner tone="danger" live title={question.error.message} className={className ?? ""}>
      {question.error.hint} Nothing was changed.
    </Banner>
  );
}
