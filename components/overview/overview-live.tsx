"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { AttentionList } from "@/components/overview/attention-list";
import { DatabaseTable } from "@/components/overview/database-table";
import { FirstStepsList } from "@/components/overview/first-steps-list";
import { StoreList } from "@/components/overview/store-list";
import { Tally } from "@/components/overview/tally";
import type { StartBackup } from "@/components/overview/start-backup-button";
import { VerdictHead } from "@/components/overview/verdict-head";
import { StripLegend } from "@/components/charts/strip";
import { titleTemplate } from "@/components/status/state";
import { setServerTime } from "@/components/time/now";
import { Banner } from "@/components/ui/banner";
import { Columns, Section } from "@/components/ui/section";
import { Overview } from "@/lib/monitoring/schemas";

export interface OverviewLiveProps {
  initial: Overview;
  may: { backUp: boolean; configure: boolean };
  startBackup: StartBackup;
}

async function fetchOverview({ signal }: { signal: AbortSignal }): Promise<Overview> {
  const response = await fetch("/api/overview", { signal, cache: "no-store" });
  if (!response.ok) throw new Error(`The overview could not be read (${response.status}).`);
  return Overview.parse(await response.json());
}

/** If everything were lost now: what would come back. Asked again every 15 s, every 2 s while something runs. */
export function OverviewLive({ initial, may, startBackup }: OverviewLiveProps) {
  const query = useQuery({
    queryKey: ["overview"],
    queryFn: fetchOverview,
    placeholderData: initial,
    refetchInterval: ({ state }) => ((state.data ?? initial).isActive ? 2_000 : 15_000),
  });
  const overview = query.data ?? initial;
  const { verdict, firstSteps, databases } = overview;
  useEffect(() => setServerTime(overview.now), [overview.now]);
  useEffect(() => {
    document.title = titleTemplate(verdict?.state ?? null).replace("%s", "Overview");
  }, [verdict?.state]);
  const stale = query.isError ? (
    <Banner title="This page could not be brought up to date." className="mb-6" live>
      Figures below may be old; backups are not affected by it. It is asked again by itself.
    </Banner>
  ) : null;
  if (firstSteps) return <>{stale}<FirstStepsList steps={firstSteps} may={may} startBackup={startBackup} /></>;
  return (
    <>
      {stale}
      {verdict ? <VerdictHead verdict={verdict} startBackup={may.backUp ? startBackup : null} /> : null}
      <Section first title="Databases" id="databases" end={<Tally states={databases.map(({ state }) => state)} />} className="[&>div:first-child]:items-center">
        <DatabaseTable databases={databases} now={overview.now} />
        <StripLegend states={["proven", "backed_up", "problem", "resolved", "nothing"]} className="mt-3.5" />
      </Section>
      <Columns className="mt-10 gap-x-10 max-sm:mt-8">
        <Section first ruled title="Needs attention" id="attention" note={overview.attention.length > 0 ? overview.attention.length : undefined}>
          <AttentionList items={overview.attention} isCalm={verdict?.state === "protected"} />
        </Section>
        <Section first ruled title="Storage" id="storage">
          <StoreList stores={overview.stores} />
        </Section>
      </Columns>
    </>
  );
}
