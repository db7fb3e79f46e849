"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { QuestionState } from "@/components/databases/question-state";
import { useQuestion } from "@/components/databases/use-question";
import { TablePicker } from "@/components/tables/table-picker";
import { TiedTables } from "@/components/tables/tied-tables";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import type { TablesPage } from "@/lib/backup/tables";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { tiedTo } from "@/lib/tables/dependencies";
import { mostTables, PlanTablesResult, tableName, type TableRef } from "@/lib/tables/schemas";
import { type ChooseParams, tablesHref } from "@/lib/tables/search-params";
import { planTablesAction, stageTablesAction } from "./actions";

export interface ChooseTablesProps {
  backup: { id: string; databaseId: string; databaseName: string };
  list: TablesPage;
  /** Every table that can be chosen: the list shows a page of them. */
  names: readonly (TableRef & { sizeBytes: number | null })[];
  params: Pick<ChooseParams, "backup" | "q" | "page">;
  may: boolean;
}

/** Chooses tables; what refers to what is asked of the live database while the list is read. */
export function ChooseTables({ backup, list, names, params, may }: ChooseTablesProps) {
  const router = useRouter();
  const [chosen, setChosen] = useState<ReadonlyMap<string, TableRef>>(new Map());
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<{ message: string; hint?: string | undefined } | null>(null);
  const question = useQuestion(PlanTablesResult, () => planTablesAction({ backupId: backup.id, databaseId: backup.databaseId }));
  const asked = useRef(false);
  useEffect(() => {
    if (!may || asked.current) return;
    asked.current = true;
    question.ask();
  }, [may, question]);

  const live = question.answer;
  const sizes = new Map(names.map((table) => [tableName(table), table.sizeBytes ?? 0]));
  const tables = [...chosen.values()];
  const tied = live ? tiedTo(tables, live.foreignKeys, (table) => sizes.has(tableName(table))) : [];
  // Once in staging and once beside the live tables.
  const needed = 2 * tables.reduce((sum, table) => sum + (sizes.get(tableName(table)) ?? 0), 0);
  const tooLarge = live?.freeBytes != null && needed > live.freeBytes;
  const change = (some: readonly TableRef[], isChosen: boolean) => {
    setRefusal(null);
    setChosen((before) => {
      const next = new Map(before);
      for (const table of some) {
        if (isChosen) next.set(tableName(table), table);
        else next.delete(tableName(table));
      }
      return next;
    });
  };
  const stage = async () => {
    if (tables.length === 0) return setRefusal({ message: "Choose at least one table." });
    if (tables.length > mostTables) return setRefusal({ message: `Choose at most ${mostTables} tables at a time.`, hint: "For more, restore the whole database to a new one beside the live." });
    setPending(true);
    const result = await stageTablesAction({ backupId: backup.id, databaseId: backup.databaseId, tables }).catch(() => null);
    setPending(false);
    if (result?.ok) return router.push(tablesHref(result.data.tableRestoreId));
    if (!result) toast.error("No answer came back, so it is not known whether it was started.", { description: "Look at the runs first." });
    else setRefusal({ message: result.error.message, hint: result.error.hint });
  };

  return (
    <>
      {may ? <QuestionState question={question} doing={`Asking ${backup.databaseName} what refers to what…`} className="mb-4" /> : null}
      <div className="[&_:is(a,button,input,summary)]:scroll-mb-40">
        <TablePicker list={list} params={params} live={live} chosen={chosen} onChange={change} disabled={!may} />
      </div>
      <div className="sticky bottom-0 z-10 mt-4 border-t border-line bg-surface py-3.5 max-sm:static">
        {refusal ? (
          <Banner tone="danger" live title={refusal.message} className="mb-3">
            {refusal.hint}
          </Banner>
        ) : null}
        <TiedTables tied={tied} onAdd={() => change(tied, true)} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="text-table text-ink-2" aria-live="polite">
            {tables.length === 0 ? "No table is chosen yet." : `${plural(tables.length, "table")} chosen. Staging takes about ${bytes(needed)} of the server\u2019s disk for a while${tooLarge ? `, and ${bytes(live?.freeBytes ?? null)} can be used` : ""}.`}
          </p>
          <div className="ml-auto flex gap-2 max-sm:w-full max-sm:[&>*]:flex-1">
            {tables.length > 0 ? <Button onClick={() => setChosen(new Map())}>Clear</Button> : null}
            <Button variant="primary" pending={pending} onClick={() => void stage()} {...(may ? {} : { disabled: true })}>
              {pending ? "Starting…" : "Stage and compare"}
            </Button>
          </div>
        </div>
      </div>
    </>
  );
}
