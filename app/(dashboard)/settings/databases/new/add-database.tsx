"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { startBackupAction } from "@/app/(dashboard)/backups/actions";
import { ChooseDatabase, type Chosen } from "@/components/databases/choose-database";
import { ObjectiveField, readObjective } from "@/components/databases/objective-field";
import { StartBackupButton } from "@/components/overview/start-backup-button";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import { hasFailed, type ServerAddress } from "@/lib/databases/schemas";
import type { PublicError } from "@/lib/errors";
import { addDatabaseAction, checkDatabaseAction, discoverAction } from "../actions";

export interface AddDatabaseProps {
  stores: readonly { id: string; name: string; path: string }[];
  registered: readonly Pick<ServerAddress, "container" | "databaseName">[];
}

/** Choose, test, say where and how much, add. Afterwards the next of the same container can follow. */
export function AddDatabase({ stores, registered }: AddDatabaseProps) {
  const router = useRouter();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [storeId, setStoreId] = useState(stores[0]?.id ?? "");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<PublicError | null>(null);
  const [wrong, setWrong] = useState<Record<string, string[]>>({});
  const [added, setAdded] = useState<{ id: string; name: string } | null>(null);
  const name = chosen?.address.databaseName;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    if (!chosen?.check) return setError({ code: "not_tested", kind: "precondition", message: chosen ? `Test ${name} first.` : "Choose a database first.", hint: "The test shows whether a backup could read everything." });
    const data = new FormData(event.currentTarget);
    setPending(true);
    setError(null);
    try {
      const result = await addDatabaseAction({ ...chosen.address, storeId, objectiveRpoSeconds: readObjective(data, "objectiveRpoSeconds"), objectiveRtoSeconds: readObjective(data, "objectiveRtoSeconds") });
      setWrong(result.ok ? {} : (result.fieldErrors ?? {}));
      if (result.ok) {
        // The test was made before there was anything to keep it with; this one is kept.
        void checkDatabaseAction({ ...chosen.address, storeId, databaseId: result.data.databaseId });
        setAdded({ id: result.data.databaseId, name: chosen.address.databaseName });
        router.refresh();
      } else setError(result.error);
    } catch {
      setError({ code: "no_answer", kind: "unavailable", message: "No answer came back, so it is not known whether it was added.", hint: "Look at the list of databases before you try again." });
    } finally {
      setPending(false);
    }
  }

  return (
    <>
      {added ? (
        <Banner tone="done" live title={`${added.name} was added.`} className="mb-6" action={<StartBackupButton databaseId={added.id} start={startBackupAction} variant="primary" size="sm">Back up now</StartBackupButton>}>
          It is not protected before its first backup. <Link href={`/settings/databases/${added.id}`} className="font-medium text-accent">See its settings</Link>, or choose the next one below.
        </Banner>
      ) : null}
      <ChooseDatabase ask={{ discover: discoverAction, check: checkDatabaseAction }} registered={registered} storeId={storeId} onChange={setChosen} errors={wrong} />
      {chosen ? (
        <form onSubmit={submit} noValidate>
          <Panel className="mt-4">
            <PanelHead title="Where its backups go, and what is promised" />
            <PanelBody className="grid grid-cols-2 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
              <Field label="Store" error={wrong["storeId"]?.[0]} className="col-span-2 max-sm:col-span-1">
                <Select value={storeId} onChange={(event) => setStoreId(event.target.value)}>
                  {stores.map((store) => (
                    <option key={store.id} value={store.id}>{store.name}, {store.path}</option>
                  ))}
                </Select>
              </Field>
              <ObjectiveField name="objectiveRpoSeconds" label="Lose at most" hint="The newest backup may be this old." seconds={86_400} error={wrong["objectiveRpoSeconds"]?.[0]} />
              <ObjectiveField name="objectiveRtoSeconds" label="Back within" hint="How long a restore may take." seconds={300} error={wrong["objectiveRtoSeconds"]?.[0]} />
              {error ? <Banner tone="danger" live title={error.message} className="col-span-2 max-sm:col-span-1">{error.hint}</Banner> : null}
            </PanelBody>
            <PanelFoot note={chosen.check && hasFailed(chosen.check) ? "Its test failed: a backup would fail too until that is mended." : "Adding changes nothing in the container."}>
              <Button type="submit" variant={added ? "default" : "primary"} pending={pending}>{pending ? "Adding…" : `Add ${name}`}</Button>
            </PanelFoot>
          </Panel>
        </form>
      ) : null}
    </>
  );
}
