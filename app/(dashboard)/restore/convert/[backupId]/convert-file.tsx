"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { FileParts, Findings } from "@/components/convert/findings";
import { QuestionState } from "@/components/databases/question-state";
import { useQuestion } from "@/components/databases/use-question";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import type { ForeignView } from "@/lib/convert/read";
import { FileInspection } from "@/lib/convert/schemas";
import type { PublicError } from "@/lib/errors";
import { inspectForeignAction, startConvertAction } from "./actions";

export interface ConvertFileProps {
  view: ForeignView;
  targets: readonly { id: string; name: string; image: string; serverVersion: string | null }[];
}

/** First what is in the file, then whose backup it becomes. */
export function ConvertFile({ view, targets }: ConvertFileProps) {
  const question = useQuestion(FileInspection, () => inspectForeignAction({ backupId: view.id }));
  const found = question.answer ?? view.inspection;
  return (
    <>
      <Section
        first
        id="inside"
        title="What is in it"
        end={
          <Button size="sm" variant={found ? "default" : "primary"} pending={question.isAsking} onClick={question.ask}>
            {found ? "Look again" : "Look through the file"}
          </Button>
        }
      >
        <QuestionState question={question} doing="Reading the file to its last byte…" className="mb-3" />
        {found ? <FileParts found={found} /> : question.isAsking ? null : <p className="text-table text-ink-2">It is read to its end first. Nothing of it runs.</p>}
      </Section>
      {found ? (
        <>
          <Section id="findings" title="Worth a look">
            <Findings found={found} />
          </Section>
          <Convert view={view} targets={targets} found={found} />
        </>
      ) : null}
    </>
  );
}

function Convert({ view, targets, found }: ConvertFileProps & { found: FileInspection }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<PublicError | null>(null);
  const [databaseId, setDatabaseId] = useState(targets.find((target) => target.id === view.databaseId)?.id ?? (targets.length === 1 ? (targets[0]?.id ?? "") : ""));
  const target = targets.find((one) => one.id === databaseId);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const part = new FormData(event.currentTarget).get("part");
    setPending(true);
    setError(null);
    try {
      const result = await startConvertAction({ backupId: view.id, databaseId, part: typeof part === "string" && part !== "" ? part : null });
      if (result.ok) return router.push(`/runs/${result.data.runId}`);
      setError(result.fieldErrors?.["databaseId"]?.[0] ? { ...result.error, message: result.fieldErrors["databaseId"][0] } : result.error);
    } catch {
      setError({ code: "no_answer", kind: "unavailable", message: "No answer came back, so it is not known whether it was started.", hint: "Look at the runs before you try again." });
    }
    setPending(false);
    return undefined;
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="mt-10">
      <Panel>
        <PanelHead title="Whose backup it becomes" />
        <PanelBody className="grid grid-cols-2 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
          <Field label="Database" hint={target ? `Loaded by ${target.image}${target.serverVersion ? `, PostgreSQL ${target.serverVersion}` : ""}.` : "Its image loads the file."}>
            <Select value={databaseId} onChange={(event) => setDatabaseId(event.target.value)}>
              <option value="">Choose a database</option>
              {targets.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
          </Field>
          {found.parts.length > 1 ? (
            <Field label="Which part of the file" hint="One database at a time.">
              <Select name="part">
                {found.parts.map((part) => (
                  <option key={part.databaseName} value={part.databaseName ?? ""}>
                    {part.databaseName}
                  </option>
                ))}
              </Select>
            </Field>
          ) : null}
          {error ? (
            <Banner tone="danger" live title={error.message} className="col-span-2 max-sm:col-span-1">
              {error.hint}
            </Banner>
          ) : null}
        </PanelBody>
        <PanelFoot note="No live server is touched. Roles it names are decided on when the result is restored.">
          <Button type="submit" variant="primary" pending={pending}>
            {pending ? "Starting…" : "Convert the file"}
          </Button>
        </PanelFoot>
      </Panel>
    </form>
  );
}
