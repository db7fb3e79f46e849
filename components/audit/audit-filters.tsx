import { FilterBar, FilterPill } from "@/components/ui/filter-pill";
import { SearchInput } from "@/components/ui/search-input";
import { auditActions, auditOutcomes } from "@/lib/audit/schemas";
import { auditHref, auditRanges, clearAuditHref, keptByAuditSearch, rangeWords, type AuditParams } from "@/lib/audit/search-params";
import { actionWords, outcomeWords } from "@/lib/audit/words";

export interface AuditFilterBarProps {
  params: AuditParams;
  choices: { people: readonly string[]; databases: readonly { id: string; name: string }[] };
  /** "1 to 25 of 412" */
  summary: string | null;
}

/** Search and filters of the audit log; the address holds them all. */
export function AuditFilterBar({ params, choices, summary }: AuditFilterBarProps) {
  const to = (change: Partial<AuditParams>) => auditHref(params, change);
  return (
    <FilterBar clearHref={clearAuditHref(params)} summary={summary}>
      <SearchInput action="/audit" value={params.q} placeholder="Search sentences" keep={keptByAuditSearch(params)} />
      <FilterPill label="Who" value={params.who} options={choices.people.map((who) => ({ value: who, label: who, href: to({ who }) }))} clearHref={to({ who: null })} />
      <FilterPill label="Action" value={params.action} options={auditActions.map((action) => ({ value: action, label: actionWords[action], href: to({ action }) }))} clearHref={to({ action: null })} />
      <FilterPill label="Database" value={params.database} options={choices.databases.map(({ id, name }) => ({ value: id, label: name, href: to({ database: id }) }))} clearHref={to({ database: null })} />
      <FilterPill label="Outcome" value={params.outcome} options={auditOutcomes.map((outcome) => ({ value: outcome, label: outcomeWords[outcome], href: to({ outcome }) }))} clearHref={to({ outcome: null })} />
      <FilterPill label="Range" value={params.range} options={auditRanges.map((range) => ({ value: range, label: rangeWords[range], href: to({ range }) }))} clearHref={to({ range: null })} />
    </FilterBar>
  );
}
