import { CopyButton } from "@/components/ui/copy-button";
import { Fact, FactList } from "@/components/ui/fact-list";
import { TextLink } from "@/components/ui/text-link";
import { listDifferences } from "@/lib/audit/differences";
import type { AuditRow } from "@/lib/audit/list";
import { actionWords } from "@/lib/audit/words";
import { bytes } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";

const short = (hash: string) => `${hash.slice(0, 4)}…${hash.slice(-4)}`;

/** Everything one entry holds. */
export function EntryDetails({ row }: { row: AuditRow }) {
  const { before, after } = row;
  const differences = listDifferences(before, after);
  const action = Object.entries(actionWords).find(([name]) => name === row.action)?.[1] ?? row.action;
  return (
    <FactList labelWidth={104}>
      <Fact label="Entry">
        {count(row.id)} · <span className="text-ink-2">follows</span> <code title={row.previousHash}>{short(row.previousHash)}</code> <CopyButton text={row.previousHash} label="Copy the hash it follows" />
        <span className="text-ink-2">, its own is</span> <code title={row.hash}>{short(row.hash)}</code> <CopyButton text={row.hash} label="Copy the hash of this entry" />
      </Fact>
      <Fact label="Action">{action}</Fact>
      {row.reason ? <Fact label="Reason">{row.reason}</Fact> : null}
      {row.runId !== null ? (
        <Fact label="Run">
          <TextLink href={`/runs/${row.runId}`}>Run {count(row.runId)}</TextLink>
        </Fact>
      ) : null}
      {row.backupId ? (
        <Fact label="Backup" sub={row.sizeBytes !== null || row.records !== null ? `${bytes(row.sizeBytes)}, ${count(row.records)} records` : null}>
          <TextLink href={`/backups/${row.backupId}`}>{row.databaseName ? `Backup of ${row.databaseName}` : "Its backup"}</TextLink>
        </Fact>
      ) : null}
      <Fact label="From">
        <code>{row.origin}</code>
      </Fact>
      {before && after ? (
        differences.length > 0 ? (
          <>
            <Fact label="Before">
              <Values facts={differences.map(({ name, before: value }) => ({ name, value }))} />
            </Fact>
            <Fact label="After">
              <Values facts={differences.map(({ name, after: value }) => ({ name, value }))} />
            </Fact>
          </>
        ) : (
          <Fact label="Changed">Nothing: it was saved as it was.</Fact>
        )
      ) : before ? (
        <Fact label="Before">
          <Values facts={differences.map(({ name, before: value }) => ({ name, value }))} />
        </Fact>
      ) : after ? (
        <Fact label="After">
          <Values facts={differences.map(({ name, after: value }) => ({ name, value }))} />
        </Fact>
      ) : null}
    </FactList>
  );
}

function Values({ facts }: { facts: readonly { name: string; value: string | null }[] }) {
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-0.5">
      {facts.map(({ name, value }) => (
        <span key={name}>
          <span className="text-ink-3">{name}</span> <code>{value ?? "not there"}</code>
        </span>
      ))}
    </span>
  );
}
