import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { StartBackupButton, type StartBackup } from "@/components/overview/start-backup-button";
import { LadderLarge } from "@/components/proof/ladder-large";
import { Time } from "@/components/time/time";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Section } from "@/components/ui/section";
import { numberWord } from "@/lib/monitoring/assess-database";
import type { FirstSteps } from "@/lib/monitoring/schemas";

export interface FirstStepsListProps {
  steps: FirstSteps;
  may: { backUp: boolean; configure: boolean };
  startBackup: StartBackup;
}

/** Before the first backup: what is missing, ticked as it is done, and how a backup earns trust. */
export function FirstStepsList({ steps, may, startBackup }: FirstStepsListProps) {
  const { database, store, activeRunId, failedRunId } = steps;
  const missing = [database, store].filter((one) => one === null).length;
  const current = !database ? 1 : !store ? 2 : 3;
  const rest = missing > 0 ? `${capital(numberWord(missing))} ${missing === 1 ? "thing is" : "things are"} missing.` : activeRunId ? "The first backup is under way." : failedRunId ? "The first backup failed." : "One thing is missing: the first backup.";
  return (
    <div className="max-w-[744px] pt-7 max-sm:pt-2">
      <h1 className="text-verdict max-sm:text-[25px]/[31px]">Nothing is protected yet.</h1>
      <p className="mt-2 max-w-[66ch] text-[15px]/[23px] text-ink-2">
        {rest} Holdfast then takes a backup, reads every byte of it back and decodes it to its end. Protected is said only of one that a drill has restored.
      </p>
      <ol className="mt-7 overflow-clip rounded-panel border border-line bg-surface">
        <Item
          number={1}
          state={database ? "done" : current === 1 ? "now" : "todo"}
          title="Choose a database"
          detail={database?.detail ?? "Holdfast finds the containers on this host that run PostgreSQL, and tests what it may read."}
          end={database?.testedAt ? <>tested <Time at={database.testedAt} format="minute" /> UTC</> : !database && may.configure ? <Go href="/settings/databases/new" primary={current === 1}>Add a database</Go> : null}
        />
        <Item
          number={2}
          state={store ? "done" : current === 2 ? "now" : "todo"}
          title="Choose where backups go"
          detail={store ? <>{store.name}, <code>{store.path}</code></> : "A folder the worker can write to. The test writes, reads back, compares and deletes a real object."}
          end={store?.testedAt ? <>tested <Time at={store.testedAt} format="minute" /> UTC</> : may.configure ? <Go href="/settings/storage" primary={current === 2}>{store ? "Test it" : "Add a store"}</Go> : null}
        />
        <Item
          number={3}
          state={current === 3 ? "now" : "todo"}
          title="Take the first backup"
          detail={activeRunId ? "It is running now. Leaving this page is safe." : failedRunId ? "The last attempt failed. Nothing was stored." : "You can watch it being written, read back and decoded."}
          end={
            activeRunId ? (
              <Go href={`/runs/${activeRunId}`} primary>Follow it</Go>
            ) : failedRunId ? (
              <Go href={`/runs/${failedRunId}`} primary>Show the fix</Go>
            ) : current === 3 && database && may.backUp ? (
              <StartBackupButton databaseId={database.id} start={startBackup} variant="primary">{`Back up ${database.name} now`}</StartBackupButton>
            ) : null
          }
        />
      </ol>
      <Section title="How a backup earns trust">
        <LadderLarge />
      </Section>
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Go({ href, primary = false, children }: { href: string; primary?: boolean; children: ReactNode }) {
  return (
    <Button asChild variant={primary ? "primary" : "default"}>
      <Link href={href}>{children}</Link>
    </Button>
  );
}

function Item({ number, state, title, detail, end }: { number: number; state: "done" | "now" | "todo"; title: string; detail: ReactNode; end: ReactNode }) {
  return (
    <li aria-current={state === "now" ? "step" : undefined} className="grid grid-cols-[28px_1fr_auto] items-center gap-3.5 border-b border-line px-5 py-[18px] last:border-b-0 max-sm:grid-cols-[28px_1fr] max-sm:items-start">
      <span
        aria-hidden
        className={cn("grid size-6 place-items-center rounded-full text-[12px] font-semibold", state === "done" && "bg-ink-2 text-surface", state === "now" && "bg-accent text-on-accent", state === "todo" && "text-ink-2 inset-ring-[1.5px] inset-ring-line-strong")}
      >
        {state === "done" ? <Check size={14} strokeWidth={2.5} /> : number}
      </span>
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <div className={cn("font-semibold", state === "todo" && "text-ink-2")}>
          {title}
          {state === "done" ? <span className="sr-only">, done</span> : null}
        </div>
        <div className="text-table text-ink-2">{detail}</div>
      </div>
      {end ? <div className="flex max-w-72 flex-wrap justify-end gap-2 text-table text-ink-3 max-sm:col-start-2 max-sm:justify-start">{end}</div> : null}
    </li>
  );
}
