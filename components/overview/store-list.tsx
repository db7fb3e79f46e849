import { HardDrive } from "lucide-react";
import { Meter } from "@/components/charts/meter";
import { Time } from "@/components/time/time";
import { TextLink } from "@/components/ui/text-link";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import type { OverviewStore } from "@/lib/monitoring/schemas";

const shownDatabases = 3;

/** How full each store is, and of what. */
export function StoreList({ stores }: { stores: readonly OverviewStore[] }) {
  if (stores.length === 0) {
    return (
      <p className="py-3 text-table text-ink-2">
        No store yet. <TextLink href="/settings/storage">Add one</TextLink>
      </p>
    );
  }
  return (
    <ul>
      {stores.map((store) => (
        <li key={store.id} className="border-b border-line py-3 last:border-b-0">
          <StoreItem store={store} />
        </li>
      ))}
    </ul>
  );
}

function StoreItem({ store }: { store: OverviewStore }) {
  const { name, problem, checkedAt, totalBytes, freeBytes, use, backups } = store;
  const measured = problem === null && totalBytes !== null && freeBytes !== null ? { total: totalBytes, used: totalBytes - freeBytes } : null;
  const holds = [...use.slice(0, shownDatabases).map((one) => `${one.name} ${bytes(one.bytes)}`), use.length > shownDatabases ? `${use.length - shownDatabases} more` : null].filter(Boolean).join(", ");
  const other = measured ? measured.used - use.reduce((sum, one) => sum + one.bytes, 0) : 0;
  return (
    <>
      <div className="flex items-center justify-between gap-3 text-table">
        <span className="flex min-w-0 items-center gap-2 font-medium">
          <HardDrive size={16} strokeWidth={1.75} aria-hidden className="text-ink-3" />
          <span className="truncate" title={name}>{name}</span>
        </span>
        <span className="whitespace-nowrap text-ink-2">{measured ? `${bytes(measured.used)} of ${bytes(measured.total)} used` : unknown}</span>
      </div>
      {measured ? (
        <Meter
          label={`${bytes(measured.used)} of ${bytes(measured.total)} used: ${holds || "no backups"}`}
          total={measured.total}
          segments={[...use.slice(0, shownDatabases).map((one) => ({ label: `${one.name} ${bytes(one.bytes)}`, value: one.bytes })), ...(other > 0 ? [{ label: `other files ${bytes(other)}`, value: other }] : [])]}
          className="mt-[9px] mb-2"
        />
      ) : null}
      <div className="text-caption text-ink-3 [overflow-wrap:anywhere]">
        {problem ? <>could not be read <Time at={checkedAt} format="minute" /> UTC, then {plural(backups, "backup")}</> : measured ? <>{holds || "no backups"}, measured <Time at={checkedAt} format="minute" /> UTC{store.fillsIn ? <>; fills {store.fillsIn.startsWith("not") ? "" : "in "}{store.fillsIn}</> : null}</> : <>{plural(backups, "backup")}{holds ? `: ${holds}` : ""}. Space is known after a test.</>}
      </div>
    </>
  );
}
