import { FilterBar, FilterPill } from "@/components/ui/filter-pill";
import { SearchInput } from "@/components/ui/search-input";
import { kindWords } from "@/lib/backup/initiators";
import { backupKinds, backupsHref, type BackupsParams, clearHref, keptBySearch, proofFilters, proofWords, takenRanges, takenWords } from "@/lib/backup/search-params";

export interface BackupsFiltersProps {
  params: BackupsParams;
  databases: readonly { id: string; name: string }[];
  stores: readonly { id: string; name: string }[];
  /** "1 to 25 of 107" */
  summary: string;
}

/** Everything the list can be narrowed by; each choice is an address. */
export function BackupsFilters({ params, databases, stores, summary }: BackupsFiltersProps) {
  const named = (name: "database" | "store", all: readonly { id: string; name: string }[]) => all.map((one) => ({ value: one.id, label: one.name, href: backupsHref(params, { [name]: one.id }) }));
  return (
    <FilterBar clearHref={clearHref(params)} summary={summary}>
      <FilterPill label="Database" value={params.database} options={named("database", databases)} clearHref={backupsHref(params, { database: null })} />
      <FilterPill label="Proof" value={params.proof} options={proofFilters.map((value) => ({ value, label: proofWords[value], href: backupsHref(params, { proof: value }) }))} clearHref={backupsHref(params, { proof: null })} />
      <FilterPill label="Kind" value={params.kind} options={backupKinds.map((value) => ({ value, label: kindWords[value], href: backupsHref(params, { kind: value }) }))} clearHref={backupsHref(params, { kind: null })} />
      <FilterPill label="Store" value={params.store} options={named("store", stores)} clearHref={backupsHref(params, { store: null })} />
      <FilterPill label="Taken" value={params.taken} options={takenRanges.map((value) => ({ value, label: takenWords[value], href: backupsHref(params, { taken: value }) }))} clearHref={backupsHref(params, { taken: null })} />
      <SearchInput action="/backups" value={params.q} placeholder="Search labels and names" keep={keptBySearch(params)} className="w-[200px]" />
    </FilterBar>
  );
}

/** The filters in words, for a list that came out empty: "Database is orders, proof is Stored, taken in the last 24 h." */
export function filterWords(params: BackupsParams, names: { database: string | null; store: string | null }): string {
  const parts = [
    params.database ? `database is ${names.database ?? "one that is not known"}` : null,
    params.proof ? `proof is ${proofWords[params.proof]}` : null,
    params.kind ? `kind is ${kindWords[params.kind]}` : null,
    params.store ? `store is ${names.store ?? "one that is not known"}` : null,
    params.taken ? `taken in the ${takenWords[params.taken]}` : null,
    params.q ? `label or name has \u201c${params.q}\u201d` : null,
  ].filter((part) => part !== null);
  const sentence = parts.join(", ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
