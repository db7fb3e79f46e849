import Link from "next/link";
import { StartBackupButton, type StartBackup } from "@/components/overview/start-backup-button";
import { stateWords } from "@/components/status/state";
import { StatusIcon } from "@/components/status/status";
import { Button } from "@/components/ui/button";
import type { Verdict } from "@/lib/monitoring/schemas";

/** One sentence, worst first, with what mends it. `startBackup` is null for someone who may only read. */
export function VerdictHead({ verdict, startBackup }: { verdict: Verdict; startBackup: StartBackup | null }) {
  const { state, headline, sentences } = verdict;
  const actions = verdict.actions.filter(({ kind }) => kind === "link" || startBackup);
  return (
    <div className="grid grid-cols-[36px_1fr] gap-x-3.5 pt-1 pb-8 max-sm:grid-cols-1 max-sm:pb-6">
      <div className="pt-[3px] max-sm:pt-0 max-sm:pb-2">
        <StatusIcon state={state} size={30} />
      </div>
      <div className="min-w-0">
        <h1 className="max-w-[30ch] text-verdict [overflow-wrap:anywhere] max-sm:text-[25px]/[31px]">
          <span className="sr-only">{stateWords[state]}: </span>
          {headline}
        </h1>
        <p className="mt-2 max-w-[74ch] text-[15px]/[23px] text-ink-2 [overflow-wrap:anywhere]">{sentences.join(" ")}</p>
        {actions.length > 0 ? (
          <div className="mt-[18px] flex flex-wrap gap-2 max-sm:grid">
            {actions.map((action, index) => {
              const variant = index === 0 ? "primary" : "default";
              return action.kind === "link" ? (
                <Button key={action.label} asChild variant={variant}>
                  <Link href={action.href}>{action.label}</Link>
                </Button>
              ) : startBackup ? (
                <StartBackupButton key={action.label} databaseId={action.databaseId} start={startBackup} variant={variant}>
                  {action.label}
                </StartBackupButton>
              ) : null;
            })}
          </div>
        ) : null}
      </div>
    </div>
  );
}
