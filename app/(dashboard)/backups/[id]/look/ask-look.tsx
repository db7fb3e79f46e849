"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { QuestionState } from "@/components/databases/question-state";
import { useQuestion } from "@/components/databases/use-question";
import { AnswerTable } from "@/components/look/answer-table";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { Section } from "@/components/ui/section";
import { LookAnswer, LookQuestion, rowsPerPage } from "@/lib/look/schemas";
import { href } from "@/lib/url/query";
import { queryLookAction } from "./actions";
import { useCancel } from "./use-cancel";

export interface AskLookProps {
  backupId: string;
  lookId: string;
  table: { schema: string; name: string; page: number } | null;
  /** What the list of tables is narrowed to: stays in the address. */
  search: { q: string | null; page: number };
}

/** The rows of the chosen table, and a box for SQL. */
export function AskLook({ backupId, lookId, table, search }: AskLookProps) {
  return (
    <div className="min-w-0">
      {table ? <TableRows backupId={backupId} lookId={lookId} table={table} search={search} /> : null}
      <SqlBox lookId={lookId} first={table === null} />
    </div>
  );
}

function TableRows({ backupId, lookId, table, search }: AskLookProps & { table: NonNullable<AskLookProps["table"]> }) {
  const router = useRouter();
  const { start, cancel, question } = useLookQuestion(lookId);
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    start({ kind: "table", ...table });
  });
  const { answer } = question;
  const title = `${table.schema}.${table.name}`;
  const go = (page: number) => router.push(`${href(`/backups/${backupId}/look`, { ...search, schema: table.schema, table: table.name, rows: page }, { page: 1, rows: 1 })}`, { scroll: false });
  return (
    <Section first id="rows" title={<code>{title}</code>} note={`rows ${(table.page - 1) * rowsPerPage + 1} and on, as they lie`} className="mb-10">
      <Asking question={question} doing={`Reading ${title}…`} cancel={cancel} />
      {answer ? <AnswerTable answer={answer} caption={`Rows of ${title}`} first={(table.page - 1) * rowsPerPage + 1} /> : null}
      {answer ? (
        <div className="mt-3 flex gap-2">
          <Button size="sm" disabled={table.page === 1} onClick={() => go(table.page - 1)}>
            Previous
          </Button>
          <Button size="sm" disabled={answer.rows.length < rowsPerPage} onClick={() => go(table.page + 1)}>
            Next
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

function SqlBox({ lookId, first }: { lookId: string; first: boolean }) {
  const { start, cancel, question } = useLookQuestion(lookId);
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (question.isAsking) return;
    const asked = LookQuestion.safeParse({ kind: "sql", sql: new FormData(event.currentTarget).get("sql") });
    setWrong(asked.error?.issues[0]?.message ?? null);
    if (asked.success) start(asked.data);
    else form.current?.querySelector("textarea")?.focus();
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.current?.requestSubmit();
  };
  return (
    <Section first={first} id="sql" title="Ask in SQL" note="one statement that reads">
      <form ref={form} onSubmit={submit} noValidate className="mb-4 grid gap-2.5">
        <Field label="Query" hint="At most 30 s, 500 rows and 1 MiB. Ctrl or ⌘ and Enter runs it. The query is on record." error={wrong}>
          <Textarea name="sql" mono rows={5} spellCheck={false} autoCapitalize="none" autoCorrect="off" placeholder="SELECT count(*) FROM …" onKeyDown={onKeyDown} />
        </Field>
        <Button type="submit" pending={question.isAsking} className="justify-self-start">
          {question.isAsking ? "Asking…" : "Run"}
        </Button>
      </form>
      <Asking question={question} doing="Asking the copy…" cancel={cancel} />
      {question.answer ? <AnswerTable answer={question.answer} caption="Answer" /> : null}
    </Section>
  );
}

type Asked = ReturnType<typeof useLookQuestion>["question"];

function Asking({ question, doing, cancel }: { question: Asked; doing: string; cancel: () => void }) {
  if (question.isAsking) {
    return (
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <QuestionState question={question} doing={doing} />
        <Button size="sm" variant="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    );
  }
  if (!question.error) return null;
  return (
    <Banner tone="danger" live title={question.error.message} className="mb-3">
      {question.error.hint}
      {question.error.toolOutput ? <code className="mt-1 block whitespace-pre-wrap">{question.error.toolOutput}</code> : null}
    </Banner>
  );
}

function useLookQuestion(lookId: string) {
  const next = useRef<LookQuestion | null>(null);
  const { watch, cancel } = useCancel();
  const question = useQuestion(LookAnswer, () => watch(next.current ? queryLookAction({ lookId, question: next.current }) : noQuestion()));
  const start = (asked: LookQuestion) => {
    next.current = asked;
    question.ask();
  };
  return { start, cancel, question };
}

function noQuestion() {
  return Promise.resolve({ ok: false as const, error: { code: "invalid", kind: "invalid" as const, message: "Write a query." } });
}
