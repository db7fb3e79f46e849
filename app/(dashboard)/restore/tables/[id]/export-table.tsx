"use client";

import { Download } from "lucide-react";
import { useRef } from "react";
import { useQuestion } from "@/components/databases/use-question";
import { Button } from "@/components/ui/button";
import { Arc } from "@/components/ui/shapes";
import { bytes } from "@/lib/format/bytes";
import { type ExportTableInput, ExportResult, type TableRef } from "@/lib/tables/schemas";
import { exportTableAction } from "../actions";

/** The backup's rows of one table as a file. The worker writes it into the store; from there it is downloaded. */
export function ExportTable({ id, table }: { id: string; table: TableRef }) {
  // What the next question asks for; the question itself is one for both.
  const format = useRef<ExportTableInput["format"]>("csv");
  const question = useQuestion(ExportResult, () => exportTableAction({ tableRestoreId: id, table, format: format.current }));
  const start = (what: ExportTableInput["format"]) => {
    format.current = what;
    question.ask();
  };
  return (
    <>
      <span>Rows of the backup as a file:</span>
      <Button size="sm" pending={question.isAsking} onClick={() => start("csv")}>
        CSV
      </Button>
      <Button size="sm" pending={question.isAsking} onClick={() => start("sql")}>
        SQL
      </Button>
      <span role="status" className="min-w-0">
        {question.isAsking ? (
          <span className="inline-flex items-center gap-2">
            <Arc size={14} className="text-running" />
            Writing it…
          </span>
        ) : question.error ? (
          <span className="text-exposed">{question.error.message}</span>
        ) : question.answer && question.runId !== null ? (
          <a href={`/api/tables/${id}/export?run=${question.runId}`} download className="inline-flex items-center gap-1.5 rounded-[3px] font-medium text-accent hover:underline touch:min-h-11">
            <Download size={14} strokeWidth={1.75} aria-hidden />
            {question.answer.fileName}, {bytes(question.answer.sizeBytes)}
          </a>
        ) : null}
      </span>
    </>
  );
}
