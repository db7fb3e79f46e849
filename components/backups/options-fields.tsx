"use client";

import { useState } from "react";
import { formatInSentence, formatWords } from "@/components/backups/choice-words";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type BackupOptions, dumpFormats } from "@/lib/databases/schemas";

/** Patterns one per line, or apart by commas. */
function patterns(value: FormDataEntryValue | null): string[] {
  return String(value ?? "")
    .split(/[\n,]/)
    .map((pattern) => pattern.trim())
    .filter(Boolean);
}

/** The options of this one backup as the form holds them; null while the database's own were not touched. */
export function readOptions(data: FormData): BackupOptions | null {
  if (data.get("ownOptions") !== "on") return null;
  const format = dumpFormats.find((known) => known === data.get("format")) ?? "custom";
  const level = String(data.get("compressionLevel") ?? "").trim();
  return {
    format,
    compressionLevel: level === "" ? null : Number(level),
    jobs: Number(data.get("jobs") ?? 2) || 2,
    excludeTables: patterns(data.get("excludeTables")),
    excludeTableData: patterns(data.get("excludeTableData")),
    includeRolePasswords: data.get("includeRolePasswords") === "on",
  };
}

/** Options for this one backup, folded away: the database's own are the rule. */
export function OptionsFields({ own, errors }: { own: BackupOptions; errors: Record<string, string[]> }) {
  const [changed, setChanged] = useState(false);
  const [format, setFormat] = useState(own.format);
  const error = (name: string) => errors[`options.${name}`]?.[0];
  return (
    <details className="rounded-panel border border-line" onToggle={(event) => setChanged(event.currentTarget.open)}>
      <summary className="px-3.5 py-2.5 text-table font-medium">
        Options for this backup <span className="font-normal text-ink-3">{changed ? "" : `as set for the database: ${formatInSentence[own.format]}`}</span>
      </summary>
      <div className="grid gap-4 border-t border-line px-3.5 py-3.5">
        <input type="hidden" name="ownOptions" value={changed ? "on" : "off"} />
        <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          <Field label="Format" hint={formatWords[format].sub}>
            <Select name="format" value={format} onChange={(event) => setFormat(dumpFormats.find((known) => known === event.target.value) ?? "custom")}>
              {dumpFormats.map((known) => (
                <option key={known} value={known}>
                  {formatWords[known].title}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Compression level" hint={format === "custom" ? "zstd, 1 to 19. Empty is 1." : "gzip, 1 to 9. Empty is 6."} error={error("compressionLevel")}>
            <Input name="compressionLevel" inputMode="numeric" defaultValue={own.compressionLevel ?? ""} />
          </Field>
        </div>
        {format === "directory" ? (
          <Field label="Jobs side by side" error={error("jobs")}>
            <Input name="jobs" inputMode="numeric" defaultValue={own.jobs} />
          </Field>
        ) : null}
        <Field label="Leave out tables" note="one pattern per line" hint="Neither definition nor rows. The backup is marked partial." error={error("excludeTables")}>
          <Textarea name="excludeTables" mono rows={2} defaultValue={own.excludeTables.join("\n")} />
        </Field>
        <Field label="Leave out rows of" note="one pattern per line" hint="The definition is kept, the rows are not." error={error("excludeTableData")}>
          <Textarea name="excludeTableData" mono rows={2} defaultValue={own.excludeTableData.join("\n")} />
        </Field>
        <Checkbox name="includeRolePasswords" defaultChecked={own.includeRolePasswords} hint="Needs a superuser, and makes the roles file a secret.">
          Password hashes in the roles file
        </Checkbox>
      </div>
    </details>
  );
}
