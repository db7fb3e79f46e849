"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { RunLadder } from "@/components/runs/run-ladder";
import { RunLog } from "@/components/runs/run-log";
import { RunOutcome } from "@/components/runs/run-outcome";
import { RunStats } from "@/components/runs/run-stats";
import { RunSteps } from "@/components/runs/run-steps";
import { useLiveRun } from "@/components/runs/use-live-run";
import { RunStatusBadge } from "@/components/status/run-status";
import { StatusBadge } from "@/components/status/status";
import { Time } from "@/components/time/time";
import { Banner } from "@/components/ui/banner";
import { FactRow, PageHead } from "@/components/ui/page-head";
import { Columns, Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { count } from "@/lib/format/counts";
import { ifCancelled } from "@/lib/runs/consequences";
import type { RunView } from "@/lib/runs/live";
import { isActive } from "@/lib/runs/schemas";
import { RunActions } from "./run-actions";

/** A run, as it is now and as it goes on. The server draws the same from the same data before any script runs. `next` is what follows from its end. */
export function LiveRun({ initial, wholeLog, mayOperate, next = null }: { initial: RunView; wholeLog: boolean; mayOperate: boolean; next?: ReactNode }) {
  const { view, unreachable } = useLiveRun(initial, wholeLog);
  const client = useQueryClient();
  const active = isActive(view.status);
  return (
    <>
      <PageHead
        title={view.title}
        sub={
          <FactRow>
            {view.status === "running" && !view.workerHeard ? <StatusBadge chip state="unknown" /> : <RunStatusBadge chip status={view.status} />}
            <span>Run {count(view.id)}</span>
            <span>
              Started {view.startedBy}, <Time at={view.queuedAt} format="full" />
            </span>
          </FactRow>
        }
        actions={mayOperate ? <RunActions view={view} onChanged={() => void client.invalidateQueries({ queryKey: ["run", view.id] })} /> : null}
      />
      <Waiting view={view} unreachable={unreachable} />
      <RunStats view={view} />
      <RunOutcome view={view} />
      {/* Drawn by the server: until it has drawn the end too, it would speak of a run that is still under way. */}
      {active || isActive(initial.status) ? null : next}
      <Columns className="mt-7">
        <div>
          <RunSteps view={view} />
          <RunLog view={view} whole={wholeLog} />
        </div>
        <div>{active ? <Aside view={view} mayOperate={mayOperate} /> : <About view={view} />}</div>
      </Columns>
    </>
  );
}

function Waiting({ view, unreachable }: { view: RunView; unreachable: boolean }) {
  if (unreachable) return <Banner className="mb-5" live title="Holdfast does not answer this page.">The run goes on without it; what you see is from the last answer.</Banner>;
  if (!view.workerHeard && isActive(view.status)) return <Banner className="mb-5" live title="No worker was heard for 30 s.">{view.status === "queued" ? "This run waits until one is back. Nothing has started yet." : "Whether this run still goes on is not known. Stored backups are not affected."}</Banner>;
  return null;
}

const prose = "text-table text-ink-2";

function Aside({ view, mayOperate }: { view: RunView; mayOperate: boolean }) {
  return (
    <>
      {view.kind === "backup" ? (
        <Section first id="produces" title="What this will produce" className="mb-7 [&_.ladder>li]:min-h-[52px]">
          <RunLadder view={view} />
        </Section>
      ) : null}
      <Section first id="leave" title="If you leave">
        <p className={prose}>The run goes on without this page. It stays at the foot of the sidebar and in the list of runs.</p>
      </Section>
      {mayOperate ? (
        <Section id="cancel" title="If you cancel" className="mt-7">
          <p className={prose}>{ifCancelled(view)}</p>
        </Section>
      ) : null}
    </>
  );
}

/** Once it is over, the right side leads on. */
function About({ view }: { view: RunView }) {
  const { backup, database, newestOther } = view;
  return (
    <Section first id="about" title="Goes with">
      <ul className={`grid gap-1.5 ${prose}`}>
        {backup && !backup.deleted ? (
          <li>
            <TextLink href={`/backups/${backup.id}`}>
              Backup of {backup.databaseName}, <Time at={backup.takenAt} format="minute" />
            </TextLink>
          </li>
        ) : null}
        {newestOther && (!backup || backup.deleted) ? (
          <li>
            <TextLink href={`/backups/${newestOther.id}`}>
              Newest readable backup, <Time at={newestOther.takenAt} format="minute" />
            </TextLink>
          </li>
        ) : null}
        {database ? (
          <li>
            <TextLink href={`/backups?database=${database.id}`}>All backups of {database.name}</TextLink>
          </li>
        ) : null}
        {database ? (
          <li>
            <TextLink href={`/runs?database=${database.id}`}>All runs of {database.name}</TextLink>
          </li>
        ) : null}
        {view.last ? (
          <li>
            <TextLink href={`/runs/${view.last.runId}`}>The run before it that succeeded</TextLink>
          </li>
        ) : null}
        <li>
          <TextLink href="/runs">All runs</TextLink>
        </li>
      </ul>
    </Section>
  );
}
