import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { Blocked } from "@/components/restore/wizard-blocked";
import { ChosenNotices } from "@/components/restore/wizard-backup";
import { PlanChanged } from "@/components/restore/wizard-changed";
import { ConfirmRestore } from "@/components/restore/wizard-confirm";
import { BackupGone } from "@/components/restore/wizard-gone";
import { RestorePath } from "@/components/restore/wizard-path";
import { PlanChecks, PlanStats, PlanSteps } from "@/components/restore/wizard-plan";
import { MayNotRestore } from "@/components/restore/wizard-refusal";
import { ReplanProvider } from "@/components/restore/wizard-replan";
import { RefreshPlan, ReplanState, ReviewActions } from "@/components/restore/wizard-review-actions";
import { MissingRoles } from "@/components/restore/wizard-roles";
import { PlanRows } from "@/components/restore/wizard-rows";
import { Page } from "@/components/shell/page";
import { Age } from "@/components/time/age";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Columns } from "@/components/ui/section";
import { pageContext } from "@/lib/auth/page";
import { besideName } from "@/lib/restore/beside-name";
import { isAllowedToRestore } from "@/lib/restore/permission";
import { planChanges } from "@/lib/restore/plan-changes";
import { rowsSentence } from "@/lib/restore/plan-rows";
import { readChosen, sourceKey } from "@/lib/restore/read-choices";
import { answers, readPlan, type ReadPlan } from "@/lib/restore/read-plan";
import { readTargets, targetOf } from "@/lib/restore/read-targets";
import { reviewTitle } from "@/lib/restore/review-words";
import { fromHref, requestOf, wizardHref, WizardParams } from "@/lib/restore/search-params";
import type { Query } from "@/lib/url/query";
import { planRestoreAction, startContainerAction, startRestoreAction } from "../actions";

export const metadata: Metadata = { title: "Review a restore" };

/** A plan older than this is asked anew when its page opens; what it shows is evidence, and ages. */
const freshMs = 10 * 60_000;

export default async function ReviewPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = WizardParams.parse(await searchParams);
  const [backup, targets] = await Promise.all([readChosen(ctx, params.backup), readTargets(ctx)]);
  const target = targetOf(targets, params.to, backup?.databaseId ?? null);
  const request = target ? requestOf(params, target.id) : null;
  const crumbs = [{ label: "Restore", href: "/restore" }, ...(backup ? [{ label: backup.databaseName, href: fromHref({ of: sourceKey(backup), q: null, page: 1 }) }] : []), { label: "Review" }];
  const back = wizardHref("to", params);
  if (!backup || !target || !request || !isAllowedToRestore(ctx)) {
    return (
      <Page crumbs={crumbs}>
        <PageHead title="Review a restore" />
        <RestorePath step="Review" />
        {!backup ? <BackupGone chosen={params.backup !== null} /> : !isAllowedToRestore(ctx) ? <MayNotRestore /> : <Incomplete back={back} />}
      </Page>
    );
  }
  const now = ctx.clock.now().toISOString();
  const [asked, before] = await Promise.all([readPlan(ctx, params.plan), readPlan(ctx, params.was)]);
  const found = asked && answers(asked, request) ? asked : null;
  // Only what the server changed is told; other choices of the person's own are no surprise.
  const previous = before && before.runId !== found?.runId && answers(before, request) ? before : null;
  const isOld = found === null || Date.parse(now) - Date.parse(found.plan.computedAt) > freshMs;
  // A backup that goes into another database says so wherever it is named.
  const of = target.id === backup.databaseId ? null : backup.databaseName;
  const { title, sub } = reviewTitle({ method: params.method, live: target.databaseName, newName: params.name, takenAt: backup.takenAt, of, now });
  return (
    <Page crumbs={crumbs}>
      {/* Another request is another page: what was asked for the last one does not answer it. */}
      <ReplanProvider key={JSON.stringify(request)} params={params} databaseId={target.id} ask={planRestoreAction} auto={isOld}>
        <PageHead title={title} sub={sub} actions={<ReviewActions back={back} isBlocked={found?.plan.isBlocked ?? null} />} />
        <RestorePath step="Review" />
        <ReplanState container={target.container} />
        {found ? (
          <Plan found={found} before={previous} of={of} params={params} now={now}>
            <Blocked
              checks={found.plan.checks.filter((check) => check.outcome === "blocking")}
              container={target.container}
              databaseId={target.id}
              startContainer={startContainerAction}
              instead={{ beside: wizardHref("to", params, { method: "beside", name: params.name ?? besideName(target.databaseName, backup.takenAt) }), inPlace: wizardHref("to", params, { method: "in_place" }) }}
            />
          </Plan>
        ) : (
          <ChosenNotices backup={backup} />
        )}
      </ReplanProvider>
    </Page>
  );
}

interface PlanProps {
  found: ReadPlan;
  before: ReadPlan | null;
  of: string | null;
  params: WizardParams;
  now: string;
  /** What blocks it. */
  children: ReactNode;
}

function Plan({ found, before, of, params, now, children }: PlanProps) {
  const { plan, evidence, runId } = found;
  const { decision, hash, computedAt, downtimeAboutMs, closesSessions, undoUntil, tablesTakenFrom } = plan;
  const sentence = rowsSentence(plan, of === null ? evidence.backup.takenAt : null);
  // What a server says after it did not answer is no change of the plan.
  const isComparable = before !== null && !before.evidence.target.problem && !evidence.target.problem;
  return (
    <>
      {isComparable && before.plan.hash !== hash ? <PlanChanged changes={planChanges(before.plan.decision, decision)} /> : null}
      {plan.isBlocked ? children : null}
      <PlanStats plan={plan} evidence={evidence} now={now} />
      <div className="mt-2 mb-6 flex items-center justify-end gap-2 text-table text-ink-3">
        <span>
          The server was asked <Age at={computedAt} now={now} />
        </span>
        <RefreshPlan />
      </div>
      <Columns>
        <div>
          <PlanRows plan={plan} evidence={evidence} sentence={sentence} params={params} />
          <MissingRoles missing={plan.missingRoles} existing={plan.existingRoles} params={params} />
        </div>
        <div>
          <PlanChecks checks={plan.checks} />
          <PlanSteps plan={plan} evidence={evidence} />
        </div>
      </Columns>
      {plan.isBlocked ? null : (
        <ConfirmRestore
          planRunId={runId}
          plan={{ decision, hash, computedAt, downtimeAboutMs, closesSessions, undoUntil, tablesTakenFrom }}
          sentence={sentence}
          takenAt={evidence.backup.takenAt}
          of={of}
          start={startRestoreAction}
        />
      )}
    </>
  );
}

function Incomplete({ back }: { back: string }) {
  return (
    <EmptyState
      kind="failed"
      title="It is not said where this backup goes"
      action={
        <Button size="sm" asChild>
          <Link href={back}>Choose where</Link>
        </Button>
      }
    >
      The address names no database that is registered here, or a new one without a name. Nothing was changed.
    </EmptyState>
  );
}
