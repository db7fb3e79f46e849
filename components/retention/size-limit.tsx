"use client";

import { useState } from "react";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { joinSize, sizeUnits, splitSize, type SizeUnit } from "@/lib/retention/size-limit";

const units = Object.keys(sizeUnits) as SizeUnit[];

/** A size limit, or none where it is empty: exactly what is set, in a unit that says it without rounding. */
export function SizeLimit({ totalBytes, onChange }: { totalBytes: number | null; onChange: (totalBytes: number | null) => void }) {
  const [typed, setTyped] = useState<{ value: string; unit: SizeUnit }>({ value: "", unit: "GiB" });
  // What is being typed stands only as long as it says what is set: a preset or Discard changes that from outside.
  const isTyped = joinSize(typed.value, typed.unit) === totalBytes;
  const set = totalBytes === null ? { value: "", unit: typed.unit } : splitSize(totalBytes);
  const { value, unit } = isTyped ? typed : { ...set, value: String(set.value) };
  function change(next: { value: string; unit: SizeUnit }) {
    setTyped(next);
    onChange(joinSize(next.value, next.unit));
  }
  return (
    <span className="flex items-center gap-2">
      <Input
        inputMode="decimal"
        aria-label="Size limit"
        placeholder="—"
        className="w-[12ch] text-right"
        value={value}
        onChange={(event) => change({ value: event.target.value.replace(/[^\d.,]/g, "").slice(0, 16), unit })}
      />
      <Select aria-label="Size limit, unit" value={unit} onChange={(event) => change({ value, unit: units.find((one) => one === event.target.value) ?? unit })}>
        {units.map((one) => (
          <option key={one} value={one}>{one}</option>
        ))}
      </Select>
    </span>
  );
}
