import { ProofState } from "@/components/backups/proof-state";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { Banner } from "@/components/ui/banner";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import type { BackupRow } from "@/lib/backup/list";
import { bytes } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import type { Instant } from "@/lib/format/times";

export type ChosenBackup = BackupRow & { serverVersion: string | null; tables: number | null };

/** What was chosen, at the side of the steps that follow. */
export function ChosenFacts({ backup, now, other }: { backup: ChosenBackup; now: Instant; other: string }) {
  return (
    <Section first id="chosen" title="Chosen backup" end={<TextLink href={other}>Choose another</TextLink>}>
      <FactList labelWidth={104}>
        <Fact label="Of">{backup.databaseName}</Fact>
        <Fact label="Taken">
          <Time at={backup.takenAt} format="full" /> <span className="text-ink-3">· <Age at={backup.takenAt} now={now} /></span>
        </Fact>
        <Fact label="Proof">
          <ProofState trust={backup.trust} now={now} />
        </Fact>
        <Fact label="Records">{count(backup.rows)}</Fact>
        <Fact label="Tables">{count(backup.tables)}</Fact>
        <Fact label="Stored">{bytes(backup.sizeBytes)}</Fact>
        {backup.serverVersion ? <Fact label="PostgreSQL">{backup.serverVersion}</Fact> : null}
        {backup.label ? <Fact label="Label">{backup.label}</Fact> : null}
      </FactList>
      <p className="mt-2.5 text-table">
        <TextLink href={`/backups/${backup.id}`}>Open backup</TextLink>
      </p>
    </Section>
  );
}

/** What is to be known of it before going on. */
export function ChosenNotices({ backup }: { backup: ChosenBackup }) {
  const { trust } = backup;
  return (
    <div className="mb-6 grid gap-2.5 empty:hidden">
      {trust.state === "damaged" || trust.state === "missing" ? (
        <Banner tone="danger" title={trust.state === "missing" ? "There is no file to restore from." : "Something is wrong with this backup."}>
          {trust.message}
        </Banner>
      ) : null}
      {trust.state === "unknown" ? <Banner title={`This backup cannot be looked at now: ${trust.why}.`}>A restore needs its file. What was proven before is history until the store answers again.</Banner> : null}
      {!backup.foreign && trust.state === "checked" && trust.rung !== "proven" ? <Banner title="This backup is not proven: no drill has restored it.">It is compared with what it must contain before anything live is touched; if it does not hold, nothing changes.</Banner> : null}
      {backup.partial ? <Banner tone="warning" title="This backup is partial.">Tables or rows were left out on request. A database that is replaced with it lacks them.</Banner> : null}
    </div>
  );
}
