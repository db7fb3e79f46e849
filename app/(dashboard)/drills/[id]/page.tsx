import { FlaskConical, Printer } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { CleanUpProof } from "@/components/drills/clean-up-proof";
import { applicationStepOf, DisasterFigures, DisasterSteps } from "@/components/drills/disaster-steps";
import { DrillChecks } from "@/components/drills/drill-checks";
import { DrillDifferences } from "@/components/drills/drill-differences";
import { DrillOutcomeBadge } from "@/components/drills/drill-outcome";
import { DrillPhaseBar } from "@/components/drills/drill-phases";
import { kindWords, outcomeWords } from "@/components/drills/words";
import { Page } from "@/components/shell/page";
import { Time } from "@/components/time/time";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, FactList } from "@/components/ui/fact-list";
import { FactRow, PageHead } from "@/components/ui/page-head";
import { Columns, Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import type { DrillDetail } from "@/lib/drill/read";
import type { DisasterReport } from "@/lib/drill/schemas";
import { count, plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import { fullTime } from "@/lib/format/times";
import { findDrill } from "./find-drill";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { drill } = await findDrill((await params).id);
  return { title: `${drill.outcome ? outcomeWords[drill.outcome].word : "Running"} · ${kindWords[drill.kind]} of ${drill.databaseName}` };
}

export default async function DrillPage({ params }: Props) {
  const { drill } = await findDrill((await params).id);
  const { report } = drill;
  return (
    <Page crumbs={[{ label: "Drills", href: "/drills" }, ...(drill.databaseId ? [{ label: drill.databaseName, href: `/drills/databases/${drill.databaseId}` }] : []), { label: fullTime(drill.startedAt) }]}>
      <PageHead
        title={`${kindWords[drill.kind]} of ${drill.databaseName}, ${fullTime(drill.startedAt)}`}
        sub={
          <FactRow>
            <DrillOutcomeBadge outcome={drill.outcome} chip />
            <TextLink href={`/runs/${drill.runId}`}>Run {count(drill.runId)}</TextLink>
            <span>Started by {drill.startedBy.name}</span>
          </FactRow>
        }
        actions={
          drill.kind === "disaster" && report?.disaster ? (
            <Button asChild><Link href={`/drills/${drill.id}/report`}><Printer size={16} strokeWidth={1.75} aria-hidden />Report</Link></Button>
          ) : null
        }
      />
      <Outcome drill={drill} />
      {report?.disaster ? <div className="mb-7"><DisasterFigures report={report.disaster} /></div> : null}
      <Columns>
        <div>
          {report?.disaster ? <Section first id="procedure" title="The procedure" className="mb-10"><DisasterSteps report={report.disaster} /></Section> : null}
          <DrillChecks first checks={report?.checks ?? []} isUnderWay={drill.outcome === null} />
          {report ? <DrillDifferences differences={report.differences} total={report.differencesTotal} /> : null}
          {report && report.failures.length > 0 ? (
            <Section title="What could not be restored behind the data" id="failures">
              <CodeBlock label="what failed behind the data" wrap className="max-h-96">{report.failures.join("\n")}</CodeBlock>
            </Section>
          ) : null}
        </div>
        <div>
          <Section first id="time" title="Where the time went"><DrillPhaseBar phases={drill.phases} totalMs={drill.totalMs} targetSeconds={drill.objectiveRtoSeconds} rtoMs={report?.disaster?.rtoMs ?? null} /></Section>
          <Section id="gone" title="What is left of it"><CleanUpProof cleanUp={report?.cleanUp ?? null} /></Section>
          <Section id="facts" title="Facts"><Facts drill={drill} /></Section>
        </div>
      </Columns>
    </Page>
  );
}

function Outcome({ drill: { outcome, report, runId } }: { drill: DrillDetail }) {
  if (outcome === "passed") return report?.disaster ? <Silence report={report.disaster} /> : null;
  if (outcome === null) {
    return (
      <EmptyState kind="nothing" className="mb-7" icon={<FlaskConical size={18} strokeWidth={1.75} aria-hidden />} title="This drill is not over" action={<Button size="sm" asChild><Link href={`/runs/${runId}`}>Follow the run</Link></Button>}>
        What it finds is written here at its end.
      </EmptyState>
    );
  }
  const problem = report?.problem;
  return (
    <Banner tone={outcome === "failed" ? "danger" : "neutral"} className="mb-7" title={problem?.message ?? (outcome === "failed" ? "The drill failed." : "The drill did not come to its end, so nothing was proven and nothing disproven.")}>
      {problem?.hint}
      {problem?.toolOutput ? <CodeBlock label="the tool's own words" wrap className="mt-2 max-h-64">{problem.toolOutput}</CodeBlock> : null}
    </Banner>
  );
}

/** The backup is proven, and all the same nobody could have worked. */
function Silence({ report }: { report: DisasterReport }) {
  const step = applicationStepOf(report);
  if (step?.outcome !== "failed") return null;
  return <Banner tone="danger" className="mb-7" title="The data were recovered, but the application did not answer.">{step.detail}</Banner>;
}

function Facts({ drill }: { drill: DrillDetail }) {
  const { report } = drill;
  return (
    <FactList labelWidth={128}>
      <Fact label="Backup">{drill.backupDeleted ? <><Time at={drill.backupTakenAt} format="full" />, deleted since</> : <TextLink href={`/backups/${drill.backupId}`}><Time at={drill.backupTakenAt} format="full" /></TextLink>}</Fact>
      <Fact label="Image">{report?.image ? <span className="font-mono text-[12.5px]">{report.image}</span> : unknown}</Fact>
      <Fact label="Server">{report?.serverVersion ? `PostgreSQL ${report.serverVersion}` : unknown}</Fact>
      <Fact label="Compared">{report ? `${plural(report.compared.tables, "table")}, ${report.compared.rows === null ? "rows not counted" : plural(report.compared.rows, "row")}` : unknown}</Fact>
      {report && report.compared.notCompared.length > 0 ? <Fact label="Not compared">{report.compared.notCompared.join(", ")}</Fact> : null}
      <Fact label="Started"><Time at={drill.startedAt} format="full" /></Fact>
      <Fact label="Ended">{drill.finishedAt ? <Time at={drill.finishedAt} format="full" /> : "not yet"}</Fact>
    </FactList>
  );
}
