"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { joinObjective, objectiveUnits, splitObjective, type ObjectiveUnit } from "@/lib/databases/objectives";

const units = Object.keys(objectiveUnits) as ObjectiveUnit[];

/** A figure and its unit. Read back with `readObjective`. */
export function ObjectiveField({ name, label, hint, seconds, error }: { name: string; label: string; hint: string; seconds: number; error?: string | undefined }) {
  const { value, unit } = splitObjective(seconds);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_120px] items-start gap-2">
      <Field label={label} hint={hint} error={error}>
        <Input name={name} inputMode="decimal" defaultValue={value} className="text-right" />
      </Field>
      {/* As far down as the figure beside it, whose label is above. */}
      <Select name={`${name}Unit`} defaultValue={unit} aria-label={`${label}, unit`} className="mt-6">
        {units.map((one) => (
          <option key={one} value={one}>{one}</option>
        ))}
      </Select>
    </div>
  );
}

/** The seconds that an ObjectiveField holds. */
export function readObjective(data: FormData, name: string): number {
  const unit = units.find((one) => one === data.get(`${name}Unit`)) ?? "hours";
  return joinObjective(String(data.get(name) ?? ""), unit);
}
