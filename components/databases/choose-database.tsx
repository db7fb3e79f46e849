"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { byHand, ContainerList } from "@/components/databases/container-list";
import { QuestionState } from "@/components/databases/question-state";
import { TestPanel } from "@/components/databases/test-panel";
import { useQuestion } from "@/components/databases/use-question";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody } from "@/components/ui/panel";
import { RadioGroup, RadioRow } from "@/components/ui/radio-row";
import type { ActionResult } from "@/lib/action";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { DatabaseCheck, Discovery, hasFailed, type ServerAddress } from "@/lib/databases/schemas";

type Started = Promise<ActionResult<{ runId: number }>>;
export interface Ask {
  discover: (input: Record<string, never>) => Started;
  check: (input: ServerAddress & { storeId: string | null; databaseId: string | null }) => Started;
}
export interface Chosen {
  address: ServerAddress;
  /** Null while it was not tested as it stands. */
  check: DatabaseCheck | null;
}

export interface ChooseDatabaseProps {
  ask: Ask;
  registered: readonly Pick<ServerAddress, "container" | "databaseName">[];
  storeId: string | null;
  onChange: (chosen: Chosen | null) => void;
  errors?: Record<string, string[]>;
}

const empty: ServerAddress = { container: "", databaseName: "", role: "" };
const keyOf = ({ container, databaseName, role }: ServerAddress) => [container, databaseName, role].join("\n");

/** Finds the containers that run PostgreSQL, lets one be chosen and a database inside, and tests it. */
export function ChooseDatabase({ ask, registered, storeId, onChange, errors = {} }: ChooseDatabaseProps) {
  const discovery = useQuestion(Discovery, () => ask.discover({}));
  const [container, setContainer] = useState<string | null>(null);
  const [address, setAddress] = useState<ServerAddress>(empty);
  const [testedKey, setTestedKey] = useState<string | null>(null);
  const [passed, setPassed] = useState<ReadonlySet<string>>(new Set());
  const test = useQuestion(DatabaseCheck, () => ask.check({ ...address, storeId, databaseId: null }), (check) => {
    if (!hasFailed(check)) setPassed((before) => new Set(before).add(address.container));
  });
  const discover = useEffectEvent(discovery.ask);
  // Asked once, when the page opens.
  useEffect(() => discover(), []);

  const found = discovery.answer?.containers ?? [];
  const inside = found.find(({ name }) => name === container)?.databases ?? [];
  const isComplete = address.container !== "" && address.databaseName !== "" && address.role !== "";
  const check = testedKey === keyOf(address) ? test.answer : null;
  const tell = useEffectEvent(onChange);
  // Tells of what changed here, whoever listens.
  useEffect(() => tell(isComplete ? { address, check } : null), [address, check, isComplete]);

  function choose(name: string) {
    const one = found.find((candidate) => candidate.name === name);
    const open = one?.databases.find((database) => !registered.some((known) => known.container === name && known.databaseName === database.name)) ?? one?.databases[0];
    setContainer(name);
    setAddress(one ? { container: one.name, databaseName: open?.name ?? "", role: one.role } : empty);
  }
  function change(part: Partial<ServerAddress>) {
    setAddress({ ...address, ...part });
  }
  function runTest() {
    setTestedKey(keyOf(address));
    test.ask();
  }

  const engine = discovery.answer?.engine;
  return (
    <>
      <div className="mb-2.5 flex items-center justify-between gap-3 text-table text-ink-2">
        <span>{discovery.answer ? (engine?.reachable ? `${plural(found.length, "container")} on this host run${found.length === 1 ? "s" : ""} PostgreSQL, or would.` : "Docker could not be asked.") : "Containers on this host"}</span>
        <Button variant="quiet" size="sm" onClick={discovery.ask} pending={discovery.isAsking}>Look again</Button>
      </div>
      <QuestionState question={discovery} doing="Looking for containers that run PostgreSQL. Nothing is changed in them." className="mb-4" />
      {engine && !engine.reachable ? <p role="alert" className="mb-4 text-table text-ink-2">{engine.problem} You can still name a container; it is tested once Docker answers.</p> : null}
      {discovery.answer || discovery.error ? <ContainerList containers={found} chosen={container} onChoose={choose} tested={passed} registered={registered} /> : null}
      {container === null ? null : (
        <>
          {inside.length > 1 ? (
            <RadioGroup label={`Database in ${container}`} className="mt-4">
              {inside.map(({ name, sizeBytes, tables }) => (
                <RadioRow
                  key={name}
                  name="database"
                  value={name}
                  checked={address.databaseName === name}
                  onChange={() => change({ databaseName: name })}
                  title={name}
                  sub={[bytes(sizeBytes), tables === null ? null : plural(tables, "table")].filter(Boolean).join(" · ")}
                  end={registered.some((known) => known.container === container && known.databaseName === name) ? "Added already" : null}
                />
              ))}
            </RadioGroup>
          ) : null}
          <Panel className="mt-4">
            <PanelBody className="grid grid-cols-3 items-start gap-4 max-sm:grid-cols-1">
              <Field label="Container" error={errors["container"]?.[0]}>
                <Input mono value={address.container} readOnly={container !== byHand} onChange={(event) => change({ container: event.target.value.trim() })} />
              </Field>
              <Field label="Database" error={errors["databaseName"]?.[0]}>
                <Input mono value={address.databaseName} readOnly={inside.length > 0} onChange={(event) => change({ databaseName: event.target.value })} />
              </Field>
              <Field label="Role" hint="The PostgreSQL role that dumps." error={errors["role"]?.[0]}>
                <Input mono value={address.role} onChange={(event) => change({ role: event.target.value })} />
              </Field>
            </PanelBody>
          </Panel>
          <TestPanel title={`Test of ${address.databaseName || "the database"}${address.container ? ` in ${address.container}` : ""}`} question={testedKey === keyOf(address) ? test : { ...test, answer: null, error: null, isAsking: false, isSlow: false }} note={isComplete ? "The test only reads." : "Name all three first."}>
            <Button onClick={() => isComplete && runTest()} pending={test.isAsking}>{test.isAsking ? "Testing…" : check ? "Test again" : "Test"}</Button>
          </TestPanel>
        </>
      )}
    </>
  );
}
