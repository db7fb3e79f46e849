"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { Managed } from "@/components/config/managed";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { SaveCard } from "@/components/databases/save-card";
import { TestPanel } from "@/components/databases/test-panel";
import { useQuestion } from "@/components/databases/use-question";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, PanelFoot, PanelHead } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import type { ManagedPart } from "@/lib/config/schemas";
import { plural } from "@/lib/format/counts";
import type { RegisteredDatabase } from "@/lib/databases/list";
import { DatabaseCheck } from "@/lib/databases/schemas";
import { acceptIdentityAction, checkDatabaseAction, removeDatabaseAction, updateDatabaseAction } from "../actions";
import { ApplicationCard } from "./application-card";
import { OptionsCard } from "./options-card";
import { TargetsCard } from "./targets-card";

export interface DatabaseSettingsProps {
  database: RegisteredDatabase;
  stores: readonly { id: string; name: string; path: string }[];
  backups: number;
  /** What a file of settings decides; null: nothing. */
  managed: { file: string; parts: readonly ManagedPart[] } | null;
  may: { test: boolean; change: boolean };
}

/** Everything that can be said of one database, a card for each, saved by itself. */
export function DatabaseSettings({ database, stores, backups, managed, may }: DatabaseSettingsProps) {
  const router = useRouter();
  const { id, name, container, databaseName, role, storeId } = database;
  const test = useQuestion(DatabaseCheck, () => checkDatabaseAction({ container, databaseName, role, storeId, databaseId: id }), () => router.refresh());
  const check = test.answer ?? database.lastCheck?.check;
  const isOther = check?.lines.some((line) => line.id === "identity" && line.outcome === "failed") ?? false;
  const managedBy = (part: ManagedPart) => (managed?.parts.includes(part) ? managed.file : null);
  const text = (data: FormData, field: string) => String(data.get(field) ?? "").trim();
  return (
    <div className="grid gap-4 [&>section]:mt-0">
      {isOther && may.change ? (
        <Banner
          tone="danger"
          title="Another server answers under this name."
          action={
            <ConfirmDialog
              trigger={<Button size="sm">Accept the new server</Button>}
              title={`Accept the server that answers now as ${name}`}
              consequences={[{ text: <><b>The next backup of {name} is taken from this server</b>, whatever is in it.</> }, { text: "If the container was swapped by mistake, its backups would look like those of the real one." }]}
              safetyNet={<><b>Not touched:</b> {backups === 1 ? "the 1 backup" : `the ${plural(backups, "backup")}`} of the server that was registered.</>}
              phrase={name}
              reason="required"
              confirmLabel="Accept the new server"
              onConfirm={({ phrase, reason }) => acceptIdentityAction({ databaseId: id, phrase, reason })}
              onDone={test.ask}
            />
          }
        >
          Backups are refused until it is mended or you accept the new one. Earlier backups are unchanged.
        </Banner>
      ) : null}
      <TestPanel title={`Test of ${name}`} question={test} before={database.lastCheck} note="The test only reads.">
        {may.test ? <Button onClick={test.ask} pending={test.isAsking}>{test.isAsking ? "Testing…" : check ? "Test again" : "Test"}</Button> : null}
      </TestPanel>
      <SaveCard title="Address" note="Test again after saving. A running backup keeps the old address." saveLabel="Save address" mayChange={may.change} managedBy={managedBy("address")} save={(data) => updateDatabaseAction({ databaseId: id, container: text(data, "container"), role: text(data, "role") })}>
        {(wrong) => (
          <div className="grid grid-cols-3 items-start gap-4 max-sm:grid-cols-1">
            <Field label="Container" hint="Name or id." error={wrong["container"]?.[0]}><Input name="container" mono defaultValue={container} /></Field>
            <Field label="Role" hint="The PostgreSQL role that dumps." error={wrong["role"]?.[0]}><Input name="role" mono defaultValue={role} /></Field>
            <Field label="Database" hint="Another one is added by itself."><Input mono readOnly value={databaseName} /></Field>
          </div>
        )}
      </SaveCard>
      <TargetsCard database={database} mayChange={may.change} managedBy={managedBy("objectives")} />
      <SaveCard title="Store" note="For the next backups. Those that exist stay where they are." saveLabel="Save store" mayChange={may.change} managedBy={managedBy("store")} save={(data) => updateDatabaseAction({ databaseId: id, storeId: text(data, "storeId") })}>
        {(wrong) => (
          <Field label="Backups go to" error={wrong["storeId"]?.[0]}>
            <Select name="storeId" defaultValue={storeId}>
              {stores.map((store) => (
                <option key={store.id} value={store.id}>{store.name}, {store.path}</option>
              ))}
            </Select>
          </Field>
        )}
      </SaveCard>
      <OptionsCard database={database} mayChange={may.change} managedBy={managedBy("options")} />
      <ApplicationCard database={database} may={may} managedBy={managedBy("application")} />
      {may.change && managed ? (
        <Panel>
          <PanelHead title="Remove" end={<Managed file={managed.file} />} />
          <PanelFoot note={`While its entry is in the file, ${name} cannot be removed here. Taking the entry out removes nothing.`} className="border-t-0" />
        </Panel>
      ) : null}
      {may.change && !managed ? (
        <Panel>
          <PanelHead title="Remove" />
          <PanelFoot note={`Holdfast stops backing up ${name}. Its backups stay.`} className="border-t-0">
            <ConfirmDialog
              trigger={<Button variant="danger-quiet">Remove database</Button>}
              title={`Remove ${name} from Holdfast`}
              consequences={[{ text: <><b>{name} is not backed up any more</b>, and nothing says when its last backup grows old.</> }]}
              safetyNet={<><b>Not touched:</b> the database itself, {backups === 1 ? "its 1 backup" : `its ${plural(backups, "backup")}`} with their files, and the audit log.</>}
              phrase={name}
              confirmLabel="Remove database"
              onConfirm={({ phrase }) => removeDatabaseAction({ databaseId: id, phrase })}
              onDone={() => {
                toast.success(`${name} was removed. Its backups stay.`);
                router.push("/settings/databases");
              }}
            />
          </PanelFoot>
        </Panel>
      ) : null}
    </div>
  );
}
