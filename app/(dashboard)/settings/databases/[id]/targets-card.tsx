"use client";

import { ObjectiveField, readObjective } from "@/components/databases/objective-field";
import { SaveCard } from "@/components/databases/save-card";
import type { RegisteredDatabase } from "@/lib/databases/list";
import { updateDatabaseAction } from "../actions";

const fields = [
  { name: "objectiveRpoSeconds", label: "Lose at most", hint: "The newest backup that can be restored may be this old." },
  { name: "objectiveRtoSeconds", label: "Back within", hint: "How long restoring the whole database may take." },
  { name: "objectiveTableSeconds", label: "A table back within", hint: "How long restoring some of its tables may take." },
  { name: "objectivePointInTimeSeconds", label: "A point in time back within", hint: "Kept for the report; Holdfast cannot go back to a point between backups yet." },
] as const;

/** What is promised of the database. History measures each day by what was promised on that day. */
export function TargetsCard({ database, mayChange, managedBy }: { database: RegisteredDatabase; mayChange: boolean; managedBy: string | null }) {
  return (
    <SaveCard
      title="Targets"
      note="From now on; what was promised before stays on record."
      saveLabel="Save targets"
      mayChange={mayChange}
      managedBy={managedBy}
      save={(data) => updateDatabaseAction({ databaseId: database.id, ...Object.fromEntries(fields.map(({ name }) => [name, readObjective(data, name)])) })}
    >
      {(wrong) => (
        <div className="grid grid-cols-2 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
          {fields.map(({ name, label, hint }) => (
            <ObjectiveField key={name} name={name} label={label} hint={hint} seconds={database[name]} error={wrong[name]?.[0]} />
          ))}
        </div>
      )}
    </SaveCard>
  );
}
