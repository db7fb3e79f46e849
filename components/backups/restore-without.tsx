import { Banner } from "@/components/ui/banner";
import { CodeBlock, CodeDim } from "@/components/ui/code-block";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { readFileName } from "@/lib/backup/names";
import type { BackupView } from "@/lib/backup/read";
import { restoreCommands, restoreScript } from "@/lib/backup/restore-commands";
import { dumpFormats } from "@/lib/databases/schemas";

/** The way back when Holdfast is gone: commands that need Docker and the file, nothing else. */
export function RestoreWithout({ backup }: { backup: BackupView }) {
  const [copy] = backup.copyList;
  const format = dumpFormats.find((known) => known === backup.format);
  if (!copy || !format) return null;
  const database = backup.manifest?.database;
  const fileName = copy.key.split("/").at(-1) ?? copy.key;
  const steps = restoreCommands({
    fileName,
    format,
    unpack: readFileName(copy.key)?.unpack ?? "none",
    sha256: copy.sha256,
    rolesFile: copy.rolesKey?.split("/").at(-1) ?? null,
    container: backup.container ?? "CONTAINER",
    role: backup.role ?? "postgres",
    databaseName: database?.name ?? backup.databaseName,
    owner: database?.owner ?? null,
    encoding: database?.encoding ?? null,
    collation: database?.collation ?? null,
    characterType: database?.characterType ?? null,
  });
  return (
    <Section id="without-holdfast" title="Restore it without Holdfast" note={backup.container ? "beside the downloaded files, into a new database" : "put the name of your container in the place of CONTAINER"}>
      {backup.foreign ? (
        <Banner tone="warning" className="mb-3" title={`These commands do whatever the file says, as ${backup.role ?? "postgres"}, on the live server.`} action={<TextLink href={`/restore/convert/${backup.id}`}>Convert it first</TextLink>}>
          Holdfast did not make this file, and nothing holds it to the new database. Converting it is the safe way: it is loaded in a container without network, and what comes of it is a backup of Holdfast&apos;s own.
        </Banner>
      ) : null}
      <CodeBlock label="Commands that restore this backup" copy={restoreScript(steps)}>
        {steps.map(({ comment, lines }, index) => (
          <span key={comment}>
            {index > 0 ? "\n\n" : ""}
            <CodeDim>
              # {index + 1}  {comment}
            </CodeDim>
            {`\n${lines.join("\n")}`}
          </span>
        ))}
      </CodeBlock>
    </Section>
  );
}
