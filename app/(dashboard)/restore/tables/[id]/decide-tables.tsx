"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { ComparedTableCard } from "@/components/tables/compared-table";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { PublicError } from "@/lib/errors";
import { plural } from "@/lib/format/counts";
import { fullTime, minuteTime } from "@/lib/format/times";
import { type ApplyPlan, type Comparison, tableName, type TableChoice } from "@/lib/tables/schemas";
import { changePhrase } from "@/lib/tables/words";
import { applyTablesAction, planApplyTablesAction } from "../actions";
import { ExportTable } from "./export-table";

const keepChoices = [
  { hours: 24, label: "24 hours" },
  { hours: 72, label: "3 days" },
  { hours: 168, label: "7 days" },
] as const;

export interface DecideTablesProps {
  id: string;
  databaseName: string;
  comparison: Comparison;
  takenAt: string;
}

/** What differs, table by table, and what is to be done about each; then the one confirmation for all of it. */
export function DecideTables({ id, databaseName, comparison, takenAt }: DecideTablesProps) {
  const router = useRouter();
  const [choices, setChoices] = useState<Readonly<Record<string, TableChoice>>>({});
  const [keepHours, setKeepHours] = useState<number>(24);
  const [plan, setPlan] = useState<ApplyPlan | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<PublicError | null>(null);
  const input = { tableRestoreId: id, keepHours, tables: comparison.tables.map((table) => ({ schema: table.schema, name: table.name, do: choices[tableName(table)] ?? ("none" as const) })) };
  const chosen = input.tables.filter((table) => table.do !== "none").length;

  const review = async () => {
    setPending(true);
    setRefusal(null);
    setPlan(null);
    const result = await planApplyTablesAction(input).catch(() => null);
    setPending(false);
    if (!result?.ok) return setRefusal(result?.error ?? { code: "no_answer", kind: "unavailable", message: "No answer came back. Nothing was started.", hint: "Try again." });
    setPlan(result.data);
    if (result.data.blocked.length === 0) setIsOpen(true);
  };
  const replaces = plan?.decision.tables.some((table) => table.do === "replace") ?? false;
  return (
    <>
      <div className="grid gap-4 [&_:is(a,button,input,select,summary)]:scroll-mb-40">
        {comparison.tables.map((table) => (
          <ComparedTableCard
            key={tableName(table)}
            table={table}
            foreignKeys={comparison.foreignKeys}
            choice={choices[tableName(table)] ?? "none"}
            onChoose={(choice) => {
              setPlan(null);
              setChoices((before) => ({ ...before, [tableName(table)]: choice }));
            }}
            end={<ExportTable id={id} table={{ schema: table.schema, name: table.name }} />}
          />
        ))}
      </div>
      <div className="sticky bottom-0 z-10 mt-6 grid gap-3 border-t border-line bg-surface py-3.5 max-sm:static">
        {refusal ? (
          <Banner tone="danger" live title={refusal.message}>
            {refusal.hint}
          </Banner>
        ) : null}
        {plan && plan.blocked.length > 0 ? (
          <Banner tone="danger" live title="This cannot be done as it is chosen.">
            <ul className="mt-1 grid gap-1">
              {plan.blocked.map((why) => (
                <li key={why}>{why}</li>
              ))}
            </ul>
          </Banner>
        ) : null}
        <div className="flex flex-wrap items-end gap-x-5 gap-y-2">
          <Field label="Keep rows from before for" className="w-[190px]">
            <Select value={keepHours} onChange={(event) => setKeepHours(Number(event.target.value))}>
              {keepChoices.map(({ hours, label }) => (
                <option key={hours} value={hours}>
                  {label}
                </option>
              ))}
            </Select>
          </Field>
          <p className="pb-2 text-table text-ink-2" aria-live="polite">
            {chosen === 0 ? "Choose for at least one table what should happen." : `${plural(chosen, "table")} in one transaction: all of it, or nothing.`}
          </p>
          <Button variant="primary" className="ml-auto max-sm:w-full" pending={pending} onClick={() => void review()}>
            {pending ? "Looking…" : "Continue to confirm"}
          </Button>
        </div>
      </div>
      {plan && plan.blocked.length === 0 ? (
        <ConfirmDialog
          key={plan.hash}
          open={isOpen}
          onOpenChange={setIsOpen}
          title={`${changePhrase(plan.decision.tables.map((table) => table.do))} in ${databaseName}, from the backup of ${fullTime(takenAt)}`}
          consequences={plan.consequences.map((text) => ({ text }))}
          safetyNet={
            <>
              <b>Safety net:</b> rows from before are kept inside {databaseName} until {minuteTime(plan.keptUntil)} UTC. Undo puts them back in one transaction.
              {plan.notes.map((note) => (
                <span key={note} className="mt-1.5 block text-ink-2">
                  {note}
                </span>
              ))}
            </>
          }
          reason="required"
          phrase={plan.phrase}
          confirmLabel={replaces ? "Replace rows" : "Put rows in place"}
          pendingLabel="Starting…"
          tone={replaces ? "danger" : "primary"}
          note={
            <>
              Decision <code>{plan.hash.slice(0, 4)} {plan.hash.slice(4, 8)}</code>.
              <br />
              If it is another by now, nothing starts.
            </>
          }
          onConfirm={({ phrase, reason }) => applyTablesAction({ ...input, hash: plan.hash, phrase, reason })}
          onDone={() => router.refresh()}
        />
      ) : null}
    </>
  );
}
