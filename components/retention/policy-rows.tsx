"use client";

import { useId } from "react";
import { Input } from "@/components/ui/input";
import { count, plural } from "@/lib/format/counts";
import type { RetentionPreview } from "@/lib/retention/preview-schemas";
import type { KeptReason, RetentionPolicy } from "@/lib/retention/schemas";

type Rule = Exclude<keyof RetentionPolicy, "atLeastGood" | "totalBytes" | "foreign">;

const rules: readonly { rule: Rule; reason: KeptReason; label: string; unit: string }[] = [
  { rule: "everyDays", reason: "every", label: "Every backup for", unit: "days" },
  { rule: "hours", reason: "hour", label: "Then one per hour for", unit: "hours" },
  { rule: "days", reason: "day", label: "Then one per day for", unit: "days" },
  { rule: "weeks", reason: "week", label: "Then one per week for", unit: "weeks" },
  { rule: "months", reason: "month", label: "Then one per month for", unit: "months" },
  { rule: "years", reason: "year", label: "Then one per year for", unit: "years" },
  { rule: "newest", reason: "newest", label: "And the newest", unit: "backups, whatever their age" },
];

export interface PolicyRowsProps {
  policy: RetentionPolicy;
  saved: RetentionPolicy | null;
  byReason: RetentionPreview["byReason"] | null;
  errors: Readonly<Record<string, string[]>>;
  onChange: (policy: RetentionPolicy) => void;
}

/** A rule per line, with what it keeps at this moment. */
export function PolicyRows({ policy, saved, byReason, errors, onChange }: PolicyRowsProps) {
  const id = useId();
  return (
    <ul>
      {rules.map(({ rule, reason, label, unit }) => {
        const error = errors[`policy.${rule}`]?.[0];
        const was = saved && saved[rule] !== policy[rule] ? saved[rule] : null;
        return (
          <li key={rule} className="grid min-h-[46px] grid-cols-[200px_max-content_1fr_auto] items-center gap-x-3.5 border-b border-line py-1.5 max-sm:grid-cols-[1fr_max-content] max-sm:gap-y-1">
            <label htmlFor={`${id}-${rule}`} className="font-medium">
              {label}
            </label>
            <span className="flex items-center gap-2">
              <Input
                id={`${id}-${rule}`}
                figure
                inputMode="numeric"
                className={was === null ? undefined : "font-medium text-accent inset-ring-[1.5px] inset-ring-accent"}
                aria-invalid={error ? true : undefined}
                aria-describedby={`${id}-${rule}-unit`}
                value={policy[rule]}
                onChange={(event) => onChange({ ...policy, [rule]: wholeNumber(event.target.value) })}
              />
              <span id={`${id}-${rule}-unit`} className="text-ink-2">
                {unit}
              </span>
            </span>
            <span className="text-table text-ink-3 max-sm:hidden">{error ? <span className="text-exposed">{error}</span> : was === null ? null : `was ${count(was)}`}</span>
            <span className="text-right text-table text-ink-2 max-sm:col-span-2 max-sm:text-left">{policy[rule] === 0 ? <span className="text-ink-3">off</span> : byReason ? plural(byReason[reason] ?? 0, "backup") : "—"}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** What was typed as a number; nothing and letters are 0. */
export function wholeNumber(text: string): number {
  const digits = text.replace(/\D/g, "").slice(0, 6);
  return digits === "" ? 0 : Number(digits);
}
