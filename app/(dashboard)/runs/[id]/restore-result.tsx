import { ResultAfter, ResultReason } from "@/components/restore/result-after";
import { ResultRows } from "@/components/restore/result-rows";
import { ResultStats } from "@/components/restore/result-stats";
import { ResultTime } from "@/components/restore/result-time";
import { RunLog } from "@/components/runs/run-log";
import { Time } from "@/components/time/time";
import { Badge, Tag } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { FactRow, PageHead } from "@/components/ui/page-head";
import { Columns, Section } from "@/components/ui/section";
import { Disc, DashedCircle, Slash, Triangle } from "@/components/ui/shapes";
import { TextLink } from "@/components/ui/text-link";
import { bytes } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import { minuteTime, timeOfDay } from "@/lib/format/times";
import type { RestoreView } from "@/lib/restore/result";
import { resultChip, resultTitle } from "@/lib/restore/result-words";
import type { RunView } from "@/lib/runs/live";
import { RemoveKept } from "../remove-kept";
import { UndoBanner } from "./undo-banner";

const chipIcons = { good: <Disc />, warning: <Triangle />, neutral: <DashedCircle />, plain: <Slash /> } as const;

export interface RestoreResultProps {
  view: RunView;
  restore: RestoreView;
  mayRestore: boolean;
  wholeLog: boolean;
  page: number;
}

/** A restore that is over: what is where, how to take it back, what it brought and cost, where the time went. */
export function RestoreResult({ view, restore, mayRestore, wholeLog, page }: RestoreResultProps) {
  const chip = resultChip(restore);
  const { outcome: _, ...banner } = restore;
  return (
    <>
      <PageHead
        className="mb-5"
        title={resultTitle(restore)}
        sub={
          <FactRow>
            {chip ? <Badge chip tone={chip.tone} icon={chipIcons[chip.tone]}>{chip.word}</Badge> : null}
            <span>Run {count(view.id)}</span>
            <span>
              {restore.by.replace(/^by /, "")}, <Time at={restore.startedAt} format="full" />
              {restore.finishedAt ? <> to {timeOfDay(restore.finishedAt)}</> : null}
            </span>
          </FactRow>
        }
      />
      <div className="grid gap-2.5">
        <UndoBanner restore={banner} mayRestore={mayRestore} />
        <Problems view={view} restore={restore} />
      </div>
      <div className="mt-4">
        <ResultStats view={restore} />
      </div>
      <Columns className="mt-8">
        <div>
          <ResultRows view={restore} page={page} />
        </div>
        <div>
          <ResultTime steps={view.steps} totalMs={restore.totalMs} />
          <ResultAfter view={restore} />
          <Kept restore={restore} mayRestore={mayRestore} />
          <History restore={restore} />
          <ResultReason reason={restore.reason} />
          <GoesWith restore={restore} />
        </div>
      </Columns>
      <RunLog view={view} whole={wholeLog} />
    </>
  );
}

/** What is wrong although the data is in its place: an application that did not come up, warnings. */
function Problems({ view, restore }: { view: RunView; restore: RestoreView }) {
  const isUndone = restore.state === "undone";
  // What a run stopped with before somebody decided is answered by that decision.
  const wasDecided = restore.followUps.some(({ kind, status }) => kind === "resolve_staged" && status === "succeeded");
  return (
    <>
      {view.error && !wasDecided ? <Banner tone={isUndone ? "warning" : "danger"} title={view.error.message}>{view.error.hint}</Banner> : null}
      {view.status === "lost" ? <Banner title="The worker stopped while it restored.">What is live was read from the server afterwards: {resultTitle(restore)}.</Banner> : null}
      {restore.stopped.length > 0 ? <Banner tone="danger" title={`${restore.stopped.join(", ")} ${restore.stopped.length === 1 ? "is" : "are"} still stopped.`}>Holdfast goes on trying to start what the restore stopped.</Banner> : null}
      {view.warnings.map((warning) => (
        <Banner key={warning} tone="warning" title={warning} />
      ))}
    </>
  );
}

function Kept({ restore, mayRestore }: { restore: RestoreView; mayRestore: boolean }) {
  const { kept, state, database, id, followUps } = restore;
  if (!kept?.isThere || followUps.some(({ status }) => status === "queued" || status === "running")) return null;
  return (
    <Section id="kept" title="Kept beside it" className="mt-7">
      <p className="mb-2.5 text-table text-ink-2 [overflow-wrap:anywhere]">
        <code>{kept.name}</code>{kept.sizeBytes === null ? "" : ` takes ${bytes(kept.sizeBytes)}`}{kept.until ? ` until ${minuteTime(kept.until)} UTC, and is removed then` : ""}.
      </p>
      {mayRestore ? <RemoveKept kept={{ restoreId: id, name: kept.name, sizeBytes: kept.sizeBytes, database: database.name, what: state === "undone" ? "restored" : "before" }} /> : null}
    </Section>
  );
}

const done = { undo_restore: "Swapped back", resolve_staged: "Decided on", drop_kept: "Kept database removed" } as const;

/** What was done with it since. */
function History({ restore: { followUps } }: { restore: RestoreView }) {
  if (followUps.length === 0) return null;
  return (
    <Section id="since" title="Since then" className="mt-7">
      <ul className="grid gap-1.5 text-table text-ink-2">
        {followUps.map((one) => (
          <li key={one.runId}>
            <Time at={one.at} /> UTC: <TextLink href={`/runs/${one.runId}`}>{one.isRedo ? "Restored again" : done[one.kind]}</TextLink> {one.by} {one.status === "succeeded" ? null : <Tag>{one.status}</Tag>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function GoesWith({ restore: { backup, database } }: { restore: RestoreView }) {
  return (
    <Section id="about" title="Goes with" className="mt-7">
      <ul className="grid gap-1.5 text-table text-ink-2">
        {backup.isDeleted ? null : (
          <li>
            <TextLink href={`/backups/${backup.id}`}>The backup from <Time at={backup.takenAt} format="minute" /></TextLink>
          </li>
        )}
        <li>
          <TextLink href={`/runs?database=${database.id}`}>All runs of {database.name}</TextLink>
        </li>
        <li>
          <TextLink href="/restore">Restore something else</TextLink>
        </li>
      </ul>
    </Section>
  );
}
