"use client";

import { useState } from "react";
import { formatWords } from "@/components/backups/choice-words";
import { SaveCard } from "@/components/databases/save-card";
import { Banner } from "@/components/ui/banner";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { RegisteredDatabase } from "@/lib/databases/list";
import { dumpFormats, type BackupOptions } from "@/lib/databases/schemas";
import { updateDatabaseAction } from "../actions";

function lines(value: FormDataEntryValue | null): string[] {
  return String(value ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
}

function readOptions(data: FormData, before: BackupOptions): BackupOptions {
  const level = String(data.get("compressionLevel") ?? "").trim();
  return {
    format: dumpFormats.find((known) => known === data.get("format")) ?? before.format,
    compressionLevel: level === "" ? null : Number(level),
    jobs: data.has("jobs") ? Number(data.get("jobs")) : before.jobs,
    excludeTables: lines(data.get("excludeTables")),
    excludeTableData: lines(data.get("excludeTableData")),
    includeRolePasswords: data.get("includeRolePasswords") === "on",
  };
}

/** How the database is dumped. */
export function OptionsCard({ database, mayChange, managedBy }: { database: RegisteredDatabase; mayChange: boolean; managedBy: string | null }) {
  const { options } = database;
  return (
    <SaveCard title="Options" note="For the next backups; each can still be started with others." saveLabel="Save options" mayChange={mayChange} managedBy={managedBy} save={(data) => updateDatabaseAction({ databaseId: database.id, options: readOptions(data, options) })}>
      {(wrong) => <Fields options={options} error={(name) => Object.entries(wrong).find(([field]) => field === `options.${name}` || field.startsWith(`options.${name}.`))?.[1][0]} />}
    </SaveCard>
  );
}

function Fields({ options, error }: { options: BackupOptions; error: (name: keyof BackupOptions) => string | undefined }) {
  const [format, setFormat] = useState(options.format);
  const [passwords, setPasswords] = useState(options.includeRolePasswords);
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-4 max-sm:grid-cols-1">
        <Field label="Format" hint={formatWords[format].sub}>
          <Select name="format" value={format} onChange={(event) => setFormat(dumpFormats.find((known) => known === event.target.value) ?? "custom")}>
            {dumpFormats.map((known) => (
              <option key={known} value={known}>{formatWords[known].title}</option>
            ))}
          </Select>
        </Field>
        <Field label="Compression level" hint={format === "custom" ? "zstd, 1 to 19. Empty takes the format's own." : "gzip, 1 to 9. Empty takes the format's own."} error={error("compressionLevel")}>
          <Input name="compressionLevel" inputMode="numeric" defaultValue={options.compressionLevel ?? ""} />
        </Field>
        {format === "directory" ? (
          <Field label="Jobs side by side" hint="More than the cores there are rarely helps." error={error("jobs")}>
            <Input name="jobs" inputMode="numeric" defaultValue={options.jobs} />
          </Field>
        ) : null}
      </div>
      <Field label="Leave out tables" note="one pattern per line" hint="Neither definition nor rows. The backup is marked partial, and its database At risk." error={error("excludeTables")}>
        <Textarea name="excludeTables" mono rows={3} defaultValue={options.excludeTables.join("\n")} />
      </Field>
      <Field label="Leave out rows of" note="one pattern per line" hint="The definition is kept, the rows are not. A pattern that matches nothing fails the backup, so a renamed table is noticed." error={error("excludeTableData")}>
        <Textarea name="excludeTableData" mono rows={3} defaultValue={options.excludeTableData.join("\n")} />
      </Field>
      <Checkbox name="includeRolePasswords" checked={passwords} onChange={(event) => setPasswords(event.target.checked)} hint="Needs a superuser.">
        Password hashes in the roles file
      </Checkbox>
      {passwords ? <Banner tone="warning" title="The roles file becomes a secret.">Whoever can read the store can then try to guess the passwords of every role of this server.</Banner> : null}
    </>
  );
}
