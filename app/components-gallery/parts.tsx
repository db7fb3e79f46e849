import Link from "next/link";
import { Row } from "@/app/components-gallery/row";
import { Cell, CellSub, Column, DetailRow, HiddenColumn, RowActions, RowLink, SortColumn, Table, TableBody, TableFoot, TableHead, TableRow } from "@/components/data-table/table";
import { LadderSmall } from "@/components/proof/ladder-small";
import { AuditOutcomeLabel } from "@/components/status/audit-outcome";
import { CheckList } from "@/components/status/check-list";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { CodeBlock, CodeDim } from "@/components/ui/code-block";
import { DropdownMenuItem, KebabMenu } from "@/components/ui/dropdown-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Pagination } from "@/components/ui/pagination";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { Columns, Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Stat, StatBar } from "@/components/ui/stat-bar";
import { Step, StepList } from "@/components/ui/step-list";
import { TextLink } from "@/components/ui/text-link";
import { Timeline, TimelineItem } from "@/components/ui/timeline";
import { WizardPath } from "@/components/ui/wizard-path";

export function Parts() {
  return (
    <>
      <Row title="Banners" note="What happened, what it means for the data, what to do.">
        <div className="grid gap-2.5">
          <Banner title="No word from the worker for 4 min." action={<TextLink href="#">How to restart it</TextLink>}>
            What you see may be out of date, so every state reads Unknown. Backups in the stores are not affected.
          </Banner>
          <Banner tone="warning" title="local-disk is 91 % full." action={<TextLink href="#">Look at retention</TextLink>}>
            At the last 30 days&apos; growth the next backup of orders will not fit on 3 Oct.
          </Banner>
          <Banner tone="danger" title="The backup from 08:10 did not happen." action={<TextLink href="#">Show the fix</TextLink>}>
            pg_dump stopped at payment_tokens. Nothing was stored; the backup from 21 Sep 02:10 is still good.
          </Banner>
          <Banner tone="done" title="Chain verified to entry 48,211, today 03:00:12 UTC.">7 entries since.</Banner>
        </div>
      </Row>
      <Row title="Empty" note="Three kinds, never a zero.">
        <div className="grid grid-cols-3 gap-4 max-sm:grid-cols-1">
          <EmptyState kind="nothing" title="No backups yet" action={<Button size="sm">Back up now</Button>}>
            The first one runs tonight at 02:00 UTC, or now.
          </EmptyState>
          <EmptyState kind="filtered" title="No backup matches" action={<Button size="sm">Clear filters</Button>}>
            Database is orders, proof is Stored, in the last 24 h.
          </EmptyState>
          <EmptyState kind="failed" title="Backups could not be loaded" action={<Button size="sm">Try again</Button>}>
            The metadata file was locked for 5 s. The backups themselves are not affected.
          </EmptyState>
        </div>
      </Row>
    </>
  );
}

const rows = [
  { id: "1", at: 7 * 3600, database: "bimcalc", rung: "proven" },
  { id: "2", at: 16 * 3600, database: "bimcalc", rung: "readable" },
  { id: "3", at: 30 * 3600, database: "reporting", rung: null },
] as const;

export function Lists({ now }: { now: string }) {
  const ago = (seconds: number) => new Date(Date.parse(now) - seconds * 1000).toISOString();
  return (
    <>
      <Row title="Table" note="Real tables; the first cell is the link; cards on a phone.">
        <Table caption="Backups" rows="two">
          <TableHead>
            <SortColumn sorted="desc" href="?sort=at">
              Taken at (UTC)
            </SortColumn>
            <SortColumn sorted={null} href="?sort=database">
              Database
            </SortColumn>
            <Column numeric>Stored</Column>
            <Column>Proof</Column>
            <HiddenColumn>Actions</HiddenColumn>
          </TableHead>
          <TableBody>
            {rows.map((row) => (
              <TableRow key={row.id}>
                <Cell>
                  <RowLink href="#">
                    <Time at={ago(row.at)} />
                  </RowLink>
                  <CellSub>
                    <Age at={ago(row.at)} now={now} />
                  </CellSub>
                </Cell>
                <Cell label="Database" className="font-semibold">
                  {row.database}
                </Cell>
                <Cell label="Stored" numeric>
                  742 MiB<CellSub>15 % of 4.7 GiB</CellSub>
                </Cell>
                <Cell label="Proof">
                  <LadderSmall rung={row.rung} sub={row.rung ? <Age at={ago(row.at)} now={now} /> : "was proven 21 Sep"} />
                </Cell>
                <Cell phone="off">
                  <RowActions>
                    <Button size="sm" asChild>
                      <Link href="#">Restore</Link>
                    </Button>
                    <KebabMenu label={`More actions for ${row.database}, row ${row.id}`}>
                      <DropdownMenuItem>Download</DropdownMenuItem>
                    </KebabMenu>
                  </RowActions>
                </Cell>
              </TableRow>
            ))}
            <DetailRow columns={5}>
              <FactList>
                <Fact label="Outcome">
                  <AuditOutcomeLabel outcome="refused" />
                </Fact>
                <Fact label="Before">13,140,860 rows in 10 tables</Fact>
              </FactList>
            </DetailRow>
          </TableBody>
        </Table>
        <Pagination page={1} pages={7} href={(page) => `?page=${page}`} />
        <Table caption="Rows of each table" rows="dense" cards={false} className="mt-6">
          <TableHead>
            <Column>Table</Column>
            <Column numeric>Rows in backup</Column>
          </TableHead>
          <TableBody>
            <TableRow>
              <Cell>
                <code>public.price_items</code>
              </Cell>
              <Cell numeric>8,412,306</Cell>
            </TableRow>
          </TableBody>
          <TableFoot>
            <Cell>1 table</Cell>
            <Cell numeric>8,412,306</Cell>
          </TableFoot>
        </Table>
      </Row>
      <Row title="Run" note="Steps, figures, log.">
        <WizardPath label="Setting up" steps={["Administrator", "Database", "Where backups go", "First backup"]} current={1} />
        <StatBar className="mb-6">
          <Stat label="Elapsed" note="last time 16 m 02 s">
            1 m 58 s
          </Stat>
          <Stat label="Stored so far" note="last time 2.9 GiB">
            1.1 GiB
          </Stat>
          <Stat label="Rate" note="zstd output, last 10 s">
            10.6 MiB/s
          </Stat>
        </StatBar>
        <Columns>
          <div>
            <StepList label="Steps">
              <Step state="done" name="Prepare" detail="PostgreSQL 15.8, role holdfast may read 38 of 38 tables" time="1.4 s" />
              <Step state="now" name="Dump" detail="pg_dump knows no total" time={<>1 m 47 s <span className="text-ink-3">last time 4 m 36 s</span></>} />
              <Step state="failed" name="Store" detail="local-disk is full" time="11 s" />
              <Step state="todo" name="Decode" detail="makes it readable" time="last time 2 m 04 s" />
              <Step state="skipped" name="Record" />
            </StepList>
            <Section title="Log" note="last 2 of 64 lines, UTC" end={<TextLink href="#">Whole log</TextLink>}>
              <CodeBlock label="log" copy="run 1,848 claimed">
                <CodeDim>09:31:04.112</CodeDim> run 1,848 claimed by worker-1{"\n"}
                <CodeDim>09:31:04.871</CodeDim> container orders-db is running, image postgres:15.8
              </CodeBlock>
            </Section>
          </div>
          <div>
            <Section first title="Facts">
              <FactList labelWidth={104}>
                <Fact label="Run">1,841, by the schedule</Fact>
                <Fact label="Server" sub="in bimcalc-postgres">PostgreSQL 16.4</Fact>
              </FactList>
            </Section>
            <Section title="Timeline">
              <Timeline>
                <TimelineItem time="02:06:31" mark="proven">
                  Proven, 10 of 10 tables equal
                </TimelineItem>
                <TimelineItem time="02:03:23">Drill started on postgres:16.4</TimelineItem>
                <TimelineItem time="02:00:04">Run 1,841 started</TimelineItem>
              </Timeline>
            </Section>
          </div>
        </Columns>
        <Panel className="mt-8">
          <PanelHead title="Test of bimcalc-postgres" end="1.2 s" />
          <CheckList
            lines={[
              { id: "container", outcome: "passed", title: "Container answers", detail: "postgres:16.4" },
              { id: "zstd", outcome: "warning", title: "zstd is not in the container", detail: "the dump is packed outside", hint: "That costs some time." },
              { id: "role", outcome: "failed", title: "Role holdfast may not read 1 of 38 tables", detail: "payment_tokens", hint: "GRANT pg_read_all_data TO holdfast" },
              { id: "space", outcome: "skipped", title: "Space", detail: "was not asked" },
            ]}
          />
          <PanelBody>A body.</PanelBody>
          <PanelFoot note="Saving needs the word bimcalc.">
            <Button>Discard</Button>
            <Button variant="primary">Save</Button>
          </PanelFoot>
        </Panel>
        <div className="mt-6">
          <SkeletonRows rows={2} />
        </div>
      </Row>
    </>
  );
}
