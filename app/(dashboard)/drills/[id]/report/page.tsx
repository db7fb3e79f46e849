import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CleanUpProof } from "@/components/drills/clean-up-proof";
import { ApplicationAnswer, DisasterFigures, DisasterSteps } from "@/components/drills/disaster-steps";
import { DrillChecks } from "@/components/drills/drill-checks";
import { DrillDifferences } from "@/components/drills/drill-differences";
import { DrillOutcomeBadge } from "@/components/drills/drill-outcome";
import { DrillPhaseBar } from "@/components/drills/drill-phases";
import { PrintButton } from "@/components/history/print-button";
import { Page } from "@/components/shell/page";
import { Time } from "@/components/time/time";
import { Fact, FactList } from "@/components/ui/fact-list";
import { PageHead } from "@/components/ui/page-head";
import { Section } from "@/components/ui/section";
import { env } from "@/lib/env";
import { count, plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import { day, fullTime } from "@/lib/format/times";
import { findDrill } from "../find-drill";

interface Props {
  params: Promise<{ id: string }>;
}

export const metadata: Metadata = { title: "Report of a disaster drill" };

/** The disaster drill as a document: who, when, what was done, how long it took, what was found. */
export default async function DisasterReportPage({ params }: Props) {
  const { ctx, drill } = await findDrill((await params).id);
  const disaster = drill.report?.disaster;
  if (!drill.report || !disaster) notFound();
  const { report } = drill;
  return (
    <Page crumbs={[{ label: "Drills", href: "/drills" }, { label: fullTime(drill.startedAt), href: `/drills/${drill.id}` }, { label: "Report" }]}>
      <PageHead
        title={`Disaster drill of ${drill.databaseName}, ${day(drill.startedAt)}`}
        sub={`${env.installationName}. Drawn up ${fullTime(ctx.clock.now())} by ${ctx.actor.name} from the record of Holdfast. All times in UTC.`}
        actions={<div className="print:hidden"><PrintButton /></div>}
      />
      <div className="printed">
        <div className="mb-7"><DisasterFigures report={disaster} /></div>
        <FactList labelWidth={160} className="mb-8">
          <Fact label="Outcome"><DrillOutcomeBadge outcome={drill.outcome} /></Fact>
          <Fact label="Application"><ApplicationAnswer report={disaster} /></Fact>
          {report.problem ? <Fact label="Why">{report.problem.message}</Fact> : null}
          <Fact label="Run">{count(drill.runId)}, started by {drill.startedBy.name}, <Time at={drill.startedAt} format="full" /></Fact>
          <Fact label="Backup"><Time at={drill.backupTakenAt} format="full" /></Fact>
          <Fact label="Server">{report.serverVersion ? `PostgreSQL ${report.serverVersion}` : unknown}, {report.image ?? "image not known"}</Fact>
          <Fact label="Compared">{plural(report.compared.tables, "table")}, {report.compared.rows === null ? "rows not counted" : plural(report.compared.rows, "row")}</Fact>
        </FactList>
        <Section first id="procedure" title="The procedure"><DisasterSteps report={disaster} /></Section>
        <Section id="time" title="Where the time went" className="break-inside-avoid"><DrillPhaseBar phases={drill.phases} totalMs={drill.totalMs} targetSeconds={disaster.objectiveRtoSeconds} rtoMs={disaster.rtoMs} /></Section>
        <DrillChecks checks={report.checks} />
        <DrillDifferences differences={report.differences} total={report.differencesTotal} />
        <Section id="gone" title="What is left of it" className="break-inside-avoid"><CleanUpProof cleanUp={report.cleanUp} /></Section>
        <div className="mt-14 grid max-w-[560px] grid-cols-2 gap-10 text-caption text-ink-3 not-print:hidden">
          <div className="border-t border-line-strong pt-1.5">Date, carried out by</div>
          <div className="border-t border-line-strong pt-1.5">Date, seen by</div>
        </div>
      </div>
    </Page>
  );
}
