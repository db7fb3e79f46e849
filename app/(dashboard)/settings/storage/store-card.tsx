"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { rescanStoreAction } from "@/app/(dashboard)/backups/actions";
import { Managed } from "@/components/config/managed";
import { Meter } from "@/components/charts/meter";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { StoreFormDialog } from "@/components/stores/store-form";
import { StoreTestResult, useStoreTest } from "@/components/stores/store-test";
import { Button } from "@/components/ui/button";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import type { StoreCheck } from "@/lib/stores/schemas";
import { checkStoreAction, removeStoreAction, updateStoreAction } from "./actions";

export interface StoreCardProps {
  may: { test: boolean; change: boolean };
  /** The file of settings that decides its name and directory; null: none. */
  managedBy: string | null;
  store: {
    id: string;
    name: string;
    path: string;
    totalBytes: number | null;
    freeBytes: number | null;
    use: readonly { name: string; bytes: number; backups: number }[];
    /** When it fills, or why nobody can say. */
    fills: string;
    /** Databases whose next backups come here. */
    receives: readonly string[];
    lastCheck: { check: StoreCheck; at: string | null } | null;
  };
}

/** One store: what it holds, whether it can be relied on, and what can be done with it. */
export function StoreCard({ store, may, managedBy }: StoreCardProps) {
  const router = useRouter();
  const { id, name, path, totalBytes, freeBytes, use, receives } = store;
  const test = useStoreTest(id, checkStoreAction, () => router.refresh());
  const used = totalBytes !== null && freeBytes !== null ? totalBytes - freeBytes : null;
  const holds = use.reduce((sum, one) => sum + one.bytes, 0);
  const backups = use.reduce((sum, one) => sum + one.backups, 0);
  async function rescan() {
    const result = await rescanStoreAction({ storeId: id });
    if (result.ok) router.push(`/runs/${result.data.runId}`);
    return result;
  }
  return (
    <Panel aria-label={name}>
      <PanelHead title={<span className="[overflow-wrap:anywhere]">{name}</span>} end={used === null ? `space ${unknown}` : `${bytes(used)} of ${bytes(totalBytes)} used`} />
      <PanelBody className="grid gap-3.5">
        {used !== null && totalBytes !== null ? (
          <Meter label={`${bytes(used)} of ${bytes(totalBytes)} used, ${bytes(holds)} of it by backups`} total={totalBytes} segments={[...use.slice(0, 3).map((one) => ({ label: `${one.name} ${bytes(one.bytes)}`, value: one.bytes })), { label: "everything else", value: Math.max(0, used - holds) }]} />
        ) : null}
        <FactList labelWidth={132}>
          {managedBy === null ? null : <Fact label="Decided by"><Managed file={managedBy} /></Fact>}
          <Fact label="Directory"><code>{path}</code></Fact>
          <Fact label="Holds">{backups === 0 ? "no backups" : <>{plural(backups, "backup")}, {bytes(holds)}: {use.map((one) => `${one.name} ${bytes(one.bytes)}`).join(", ")}</>}</Fact>
          <Fact label="Receives">{receives.length > 0 ? receives.join(", ") : "nothing new"}</Fact>
          <Fact label="Fills">{store.fills}</Fact>
          <Fact label="Last test"><StoreTestResult question={test} before={store.lastCheck} /></Fact>
        </FactList>
      </PanelBody>
      {may.test ? (
        <PanelFoot>
          {may.change && managedBy === null ? (
            <>
              <ConfirmDialog
                trigger={<Button variant="danger-quiet">Remove</Button>}
                title={`Remove the store ${name}`}
                consequences={backups > 0 ? [{ text: <><b>{plural(backups, "backup")} cannot be restored from here any more</b>, until the store is added again and rescanned.</> }] : []}
                safetyNet={<><b>Not touched:</b> the files in <code>{path}</code>.</>}
                confirmLabel="Remove store"
                onConfirm={() => removeStoreAction({ storeId: id })}
                onDone={() => {
                  toast.success(`${name} was removed. Its files stay.`);
                  router.refresh();
                }}
              />
              <StoreFormDialog
                trigger={<Button>Edit</Button>}
                title={`Change the store ${name}`}
                submitLabel="Save store"
                initial={{ name, path }}
                holdsFiles={backups > 0}
                save={(values) => updateStoreAction({ storeId: id, ...values })}
                onSaved={() => {
                  toast.success("Saved. Test the store before you rely on it.");
                  router.refresh();
                }}
              />
            </>
          ) : null}
          <ConfirmDialog
            trigger={<Button>Rescan</Button>}
            title={`Bring the list in line with what lies in ${name}`}
            description="Files that are there and not listed come into the list; listed ones that are gone are marked missing. No file is changed."
            tone="primary"
            confirmLabel="Rescan store"
            onConfirm={rescan}
          />
          <Button onClick={test.ask} pending={test.isAsking}>{test.isAsking ? "Testing…" : "Test"}</Button>
        </PanelFoot>
      ) : null}
    </Panel>
  );
}
