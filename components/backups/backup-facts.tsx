import type { ReactNode } from "react";
import { formatInSentence } from "@/components/backups/choice-words";
import { CopyButton } from "@/components/ui/copy-button";
import { Fact, FactList } from "@/components/ui/fact-list";
import { TextLink } from "@/components/ui/text-link";
import { countAccess } from "@/lib/backup/access";
import { byWhom } from "@/lib/backup/initiators";
import { notIncluded, restoresTo } from "@/lib/backup/manifest-words";
import type { BackupView } from "@/lib/backup/read";
import { dumpFormats } from "@/lib/databases/schemas";
import { count, plural } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import type { AccessGroup } from "@/lib/postgres/schemas";

const notKnown = <span className="text-ink-3">not known</span>;

/** What is known of a backup beside its contents. What is not known says so. */
export function BackupFacts({ backup, mayDownload }: { backup: BackupView; mayDownload: boolean }) {
  const { manifest, run, copyList } = backup;
  const [copy] = copyList;
  const format = dumpFormats.find((known) => known === backup.format);
  const formatWord = format ? formatInSentence[format] : backup.format;
  const extensions = manifest?.extensions.map(({ name, version }) => `${name} ${version}`).join(", ");
  return (
    <FactList labelWidth={104}>
      <Fact label="Run">
        {run ? (
          <>
            <TextLink href={`/runs/${run.id}`}>{count(run.id)}</TextLink>, {byWhom(backup.kind, backup.by)}
          </>
        ) : backup.foreign ? (
          "none: it was found in the store"
        ) : (
          `not in this record, ${byWhom(backup.kind, backup.by)}`
        )}
      </Fact>
      {run ? <Fact label="Duration">{duration(run.ms)}</Fact> : null}
      <Fact label="Snapshot">{manifest ? <code>{manifest.snapshot.id}</code> : notKnown}</Fact>
      <Fact label="WAL position">{manifest ? <code>{manifest.snapshot.walPosition}</code> : notKnown}</Fact>
      <Fact label="Server" sub={manifest?.server.image}>
        {backup.serverVersion ? `PostgreSQL ${backup.serverVersion}` : notKnown}
      </Fact>
      <Fact label="Dump tool">{backup.toolVersion ? `${backup.toolVersion.replace(" (PostgreSQL)", "")}, ${formatWord}` : `${formatWord}, by its name`}</Fact>
      <Fact label="Packing">{manifest?.tools.compression ?? notKnown}</Fact>
      <Fact label="Extensions">{manifest ? extensions || "none" : notKnown}</Fact>
      <Fact label="Roles">{rolesWords(backup, mayDownload)}</Fact>
      <Fact label="Grants">{manifest?.access ? grantsWords(manifest.access) : notKnown}</Fact>
      <Fact label="Restores to">{manifest ? restoresTo(manifest.server.versionNumber) : notKnown}</Fact>
      <Fact label="SHA-256">
        {copy?.sha256 ? (
          <>
            <code title={copy.sha256}>
              {copy.sha256.slice(0, 12)}…{copy.sha256.slice(-6)}
            </code>
            <CopyButton text={copy.sha256} label="Copy SHA-256" className="ml-1" />
          </>
        ) : (
          <span className="text-ink-3">{copy ? "not known until it is verified" : unknown}</span>
        )}
      </Fact>
      <Fact label="File">
        {copy ? (
          <>
            <code>{copy.key}</code>
            <CopyButton text={copy.key} label="Copy file name" className="ml-1" />
          </>
        ) : (
          unknown
        )}
      </Fact>
      <Fact label="Not included">{manifest ? notIncluded(manifest) : notKnown}</Fact>
    </FactList>
  );
}

function grantsWords(access: readonly AccessGroup[]): string {
  const { owners, grants } = countAccess(access);
  return `${grants === 0 ? "none" : count(grants)}, objects of ${plural(owners, "owner")}`;
}

function rolesWords(backup: BackupView, mayDownload: boolean): ReactNode {
  const copy = backup.copyList.find((one) => one.rolesKey !== null);
  if (!copy) return backup.foreign ? notKnown : "not stored with it";
  const passwords = backup.rolesWithPasswords === null ? "" : backup.rolesWithPasswords ? ", with password hashes" : ", without passwords";
  const many = backup.manifest ? `${plural(backup.manifest.roles.length, "role")} used here, ` : "";
  return (
    <>
      {many}
      {mayDownload && !copy.missingAt ? (
        <a href={`/api/backups/${backup.id}/file?part=roles`} download className="rounded-[3px] py-1 font-medium text-accent hover:underline">
          in a file of their own
        </a>
      ) : (
        "in a file of their own"
      )}
      {passwords}
    </>
  );
}
