"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { startBackupAction } from "@/app/(dashboard)/backups/actions";
import { addDatabaseAction, checkDatabaseAction } from "@/app/(dashboard)/settings/databases/actions";
import { saveScheduleAction } from "@/app/(dashboard)/settings/schedules/actions";
import { addStoreAction, checkStoreAction, updateStoreAction } from "@/app/(dashboard)/settings/storage/actions";
import { useQuestion } from "@/components/databases/use-question";
import { EntryHead } from "@/components/shell/entry-shell";
import { StoreTestResult } from "@/components/stores/store-test";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import type { ActionResult } from "@/lib/action";
import type { ServerAddress } from "@/lib/databases/schemas";
import type { PublicError } from "@/lib/errors";
import { usualCron } from "@/lib/schedule/parts";
import { cronSentence } from "@/lib/schedule/sentence";
import { StoreCheck } from "@/lib/stores/schemas";

export interface KnownStore {
  id: string;
  name: string;
  path: string;
}

/** A directory, tested by writing to it; then the database is added and its first backup begins. */
export function StoreStep({ address, known, proposed, onBack }: { address: ServerAddress; known: KnownStore | null; proposed: { name: string; path: string }; onBack: () => void }) {
  const router = useRouter();
  const [store, setStore] = useState<KnownStore | null>(known);
  const [directory, setDirectory] = useState(known?.path ?? proposed.path);
  const [databaseId, setDatabaseId] = useState<string | null>(null);
  const [isDaily, setDaily] = useState(false);
  const [pending, setPending] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const [error, setError] = useState<PublicError | null>(null);

  /** Makes or moves the store, then asks the worker to try it. */
  async function saveAndTest(): Promise<ActionResult<{ runId: number }>> {
    setWrong(null);
    let id = store?.id;
    if (!id || store?.path !== directory) {
      const name = store?.name ?? proposed.name;
      const saved = id ? await updateStoreAction({ storeId: id, name, path: directory }) : await addStoreAction({ name, path: directory });
      if (!saved.ok) {
        setWrong(saved.fieldErrors?.["path"]?.[0] ?? null);
        return saved;
      }
      id ??= (saved.data as { storeId: string }).storeId;
      setStore({ id, name, path: directory });
    }
    return checkStoreAction({ storeId: id });
  }
  const test = useQuestion(StoreCheck, saveAndTest);
  const passed = test.answer?.outcome === "passed" && store?.path === directory && test.answer.path === directory;

  async function begin() {
    if (pending) return;
    if (!store || !passed) return setError({ code: "not_tested", kind: "precondition", message: "Test the directory first.", hint: "A backup must not be the first to find out that it cannot be written." });
    setPending(true);
    setError(null);
    try {
      let id = databaseId;
      if (!id) {
        const added = await addDatabaseAction({ ...address, storeId: store.id });
        if (!added.ok) return setError(added.error);
        id = added.data.databaseId;
        setDatabaseId(id);
        // The test was made before there was anything to keep it with; this one is kept.
        void checkDatabaseAction({ ...address, storeId: store.id, databaseId: id });
      }
      if (isDaily) {
        const scheduled = await saveScheduleAction({ databaseId: id, cron: usualCron, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
        if (!scheduled.ok) return setError(scheduled.error);
      }
      const started = await startBackupAction({ databaseId: id });
      if (!started.ok) return setError(started.error);
      router.push(`/runs/${started.data.runId}`);
    } catch {
      setError({ code: "no_answer", kind: "unavailable", message: "No answer came back, so it is not known whether it started.", hint: "Open the overview: it shows how far this has come." });
    } finally {
      setPending(false);
    }
  }

  return (
    <>
      <EntryHead title="Where should backups go?" sub="A directory on the host of the worker. Better on another disk than the databases; more stores can follow later." />
      <Panel>
        <PanelHead title={store?.name ?? proposed.name} />
        <PanelBody className="grid gap-4">
          <Field label="Directory" hint="It is made when it does not exist." error={wrong}>
            <Input mono value={directory} onChange={(event) => setDirectory(event.target.value)} />
          </Field>
          <StoreTestResult question={wrong ? { ...test, error: null } : test} />
        </PanelBody>
        <PanelFoot note="The test writes, reads back, compares and deletes a real object.">
          <Button variant={passed ? "default" : "primary"} onClick={test.ask} pending={test.isAsking}>{test.isAsking ? "Testing…" : passed ? "Test again" : "Test this directory"}</Button>
        </PanelFoot>
      </Panel>
      <div className="mt-4">
        <Checkbox checked={isDaily} onChange={(event) => setDaily(event.target.checked)} hint="By the clock of this browser's time zone. Without a schedule backups start only by hand; it can be set later under Settings, Schedules.">
          {cronSentence(usualCron)}, back up {address.databaseName} by itself
        </Checkbox>
      </div>
      {error ? <Banner tone="danger" live title={error.message} className="mt-4">{error.hint}</Banner> : null}
      <div className="mt-5 flex flex-wrap justify-between gap-2">
        <Button onClick={onBack}>Back</Button>
        <Button variant={passed ? "primary" : "default"} onClick={() => void begin()} pending={pending}>{pending ? "Starting…" : `Take the first backup of ${address.databaseName}`}</Button>
      </div>
    </>
  );
}
