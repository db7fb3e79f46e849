"use client";

import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import { SaveCard } from "@/components/databases/save-card";
import { TestPanel } from "@/components/databases/test-panel";
import { useQuestion } from "@/components/databases/use-question";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ApplicationCheck } from "@/lib/databases/application-schemas";
import type { RegisteredDatabase } from "@/lib/databases/list";
import type { Application, Rehearsal } from "@/lib/restore/schemas";
import { checkApplicationAction, saveApplicationAction } from "../actions";

function readApplication(data: FormData): Application {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const seconds = (name: string) => (text(name) === "" ? Number.NaN : Number(text(name)));
  const rehearsal = { container: text("rehearsalContainer"), url: text("rehearsalUrl") };
  return { containers: [...data.getAll("container").map(String), text("another")].filter(Boolean), healthUrl: text("healthUrl") || null, healthSeconds: seconds("healthSeconds"), stopSeconds: seconds("stopSeconds"), rehearsal: rehearsal.container || rehearsal.url ? rehearsal : null };
}

/** The containers that use a database, and how to tell that they work: what a restore stops, starts and waits for. */
export function ApplicationCard({ database, may, managedBy }: { database: RegisteredDatabase; may: { test: boolean; change: boolean }; managedBy: string | null }) {
  const { id, application } = database;
  const mayChange = may.change && managedBy === null;
  const card = useRef<HTMLDivElement>(null);
  // Of the last answer: while the next one is awaited, what could be chosen must not vanish.
  const [found, setFound] = useState<ApplicationCheck["containers"] | null>(null);
  const start = () => {
    const form = card.current?.querySelector("form");
    // What stands in the form, saved or not: it should be known before a restore depends on it. A disabled form sends nothing.
    return checkApplicationAction({ databaseId: id, application: form && mayChange ? readApplication(new FormData(form)) : application });
  };
  const question = useQuestion(ApplicationCheck, start, ({ containers }) => setFound(containers));
  const askedNothing = question.answer?.lines.length === 0;
  return (
    <div ref={card}>
      <SaveCard
        title="Application"
        note="From the next restore on. Nothing is stopped or started by saving."
        saveLabel="Save application"
        mayChange={may.change}
        managedBy={managedBy}
        fieldOf={{ "database.own_container": "application.containers" }}
        save={(data) => saveApplicationAction({ databaseId: id, application: readApplication(data) })}
      >
        {(wrong) => <Fields key={JSON.stringify(application)} application={application} found={found} error={(name) => wrong[`application.${name}`]?.[0]} mayChange={mayChange} />}
      </SaveCard>
      {may.test ? (
        <TestPanel
          title="Test of the application"
          question={askedNothing ? { ...question, answer: null } : question}
          doing="Asking Docker for the containers, and the address for an answer. Nothing is stopped."
          note={askedNothing ? "Nothing is named yet, so there was nothing to test." : "Asks for what stands above, saved or not. It also lists the containers to choose from."}
        >
          <Button onClick={question.ask} pending={question.isAsking}>{question.isAsking ? "Testing…" : "Test application"}</Button>
        </TestPanel>
      ) : null}
    </div>
  );
}

interface FieldsProps {
  application: Application;
  found: ApplicationCheck["containers"] | null;
  error: (name: keyof Application | `rehearsal.${keyof Rehearsal}`) => string | undefined;
  mayChange: boolean;
}

function Fields({ application, found, error, mayChange }: FieldsProps) {
  const [chosen, setChosen] = useState<readonly string[]>(application.containers);
  const [added, setAdded] = useState<readonly string[]>([]);
  const [name, setName] = useState("");
  // Chosen ones stand first, in the order in which they are stopped and started.
  const known = [...new Set([...application.containers, ...added, ...(found ?? []).map((one) => one.name)])];
  const choose = (container: string, isChosen: boolean) => setChosen(isChosen ? [...new Set([...chosen, container])] : chosen.filter((one) => one !== container));
  function add() {
    const trimmed = name.trim();
    if (trimmed) {
      setAdded([...added, trimmed]);
      choose(trimmed, true);
    }
    setName("");
  }
  return (
    <>
      <fieldset className="grid gap-1.5">
        <legend className="mb-1.5 text-[13px]/[18px] font-medium">Containers to stop and start</legend>
        <p className="text-caption text-ink-3">They are stopped just before the databases change places and started right after, in this order. Leave it empty if nothing has to stop: open connections are closed in any case.</p>
        {known.map((container) => {
          const one = found?.find((candidate) => candidate.name === container);
          return (
            <Checkbox key={container} name="container" value={container} checked={chosen.includes(container)} onChange={(event) => choose(container, event.target.checked)} hint={one ? `${one.image}, ${one.status.toLowerCase()}` : found ? "not on this engine" : undefined}>
              <code className="[overflow-wrap:anywhere]">{container}</code>
            </Checkbox>
          );
        })}
        {mayChange ? (
          <div className="mt-1 flex items-end gap-2">
            <Field label={known.length === 0 ? "Name a container" : "Name another one"} hint={found ? undefined : "Or test the application below: it lists the containers of this host."} error={error("containers")} className="min-w-0 flex-1">
              <Input
                mono
                name="another"
                value={name}
                onChange={(event) => setName(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter") return;
                  event.preventDefault();
                  add();
                }}
              />
            </Field>
            <Button onClick={add} className="h-9 self-start mt-6">
              <Plus size={16} strokeWidth={1.75} aria-hidden />
              Add
            </Button>
          </div>
        ) : null}
      </fieldset>
      <Field label="Health address" note="optional" hint="Asked after the start until it answers 2xx or 3xx. It is asked from where the worker runs." error={error("healthUrl")}>
        <Input name="healthUrl" mono inputMode="url" placeholder="http://localhost:8001/health" defaultValue={application.healthUrl ?? ""} />
      </Field>
      <div className="grid grid-cols-2 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
        <Field label="Wait for the answer" note="seconds" hint="After that the restore says that the application did not come up, and offers to undo." error={error("healthSeconds")}>
          <Input name="healthSeconds" inputMode="numeric" defaultValue={application.healthSeconds} />
        </Field>
        <Field label="Time to stop" note="seconds" hint="A container that is still running then is ended." error={error("stopSeconds")}>
          <Input name="stopSeconds" inputMode="numeric" defaultValue={application.stopSeconds} />
        </Field>
      </div>
      <fieldset className="grid gap-4">
        <legend className="mb-1.5 text-[13px]/[18px] font-medium">In a disaster drill</legend>
        <p className="text-caption text-ink-3">A copy of this container is started without any network on the recovered copy of the database, its directories read-only, and asked at this address. The live application is not touched. Leave both empty if nothing is to be asked.</p>
        <div className="grid grid-cols-2 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
          <Field label="Container to copy" note="optional" error={error("rehearsal.container")}>
            <Input name="rehearsalContainer" mono defaultValue={application.rehearsal?.container ?? ""} />
          </Field>
          <Field label="Address inside the copy" note="optional" hint="At localhost, with the port that the application itself listens on." error={error("rehearsal.url")}>
            <Input name="rehearsalUrl" mono inputMode="url" placeholder="http://localhost:8000/health" defaultValue={application.rehearsal?.url ?? ""} />
          </Field>
        </div>
      </fieldset>
    </>
  );
}
