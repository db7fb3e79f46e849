import { Banner } from "@/components/ui/banner";
import { CodeBlock } from "@/components/ui/code-block";
import type { TableRestoreView } from "@/lib/tables/read";

/** Why the last run on these tables did not do what it was asked, and what that means for them. */
export function RunProblem({ run, what }: { run: TableRestoreView["run"]; what: string }) {
  if (run.status === "lost") {
    return (
      <Banner className="mb-6" title="The worker stopped reporting during the last run.">
        What became of it was found out in the database itself: what you see is how things are.
      </Banner>
    );
  }
  if (run.status !== "failed" && run.status !== "cancelled") return null;
  const saysItself = run.error?.message.includes(what.replace(/\.$/, "")) ?? false;
  return (
    <div className="mb-6 grid gap-2.5">
      <Banner tone={run.status === "failed" ? "danger" : "neutral"} title={run.error?.message ?? "It was cancelled before it began."}>
        {saysItself ? null : what} {run.error?.hint ? <span className="mt-1 block">{run.error.hint}</span> : null}
      </Banner>
      {run.error?.toolOutput ? (
        <CodeBlock label="What PostgreSQL said" copy={run.error.toolOutput} wrap className="max-h-60">
          {run.error.toolOutput}
        </CodeBlock>
      ) : null}
    </div>
  );
}
