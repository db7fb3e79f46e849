import Link from "next/link";
import { cn } from "@/components/ui/cn";
import { ObjectName } from "@/components/ui/object-name";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { bytes } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import { tablesPerPage, tablesShown } from "@/lib/look/tables-shown";
import type { LookContents } from "@/lib/look/schemas";
import { href } from "@/lib/url/query";

const kindWords = { table: null, partitioned: "partitioned", view: "view", materialized_view: "materialized view", foreign: "foreign table" } as const;

export interface LookTablesProps {
  backupId: string;
  contents: LookContents;
  params: { q: string | null; page: number; schema: string | null; table: string | null };
}

/** The tables of an open backup: each leads to its rows. */
export function LookTables({ backupId, contents, params }: LookTablesProps) {
  const shown = tablesShown(contents, params);
  const path = `/backups/${backupId}/look`;
  return (
    <>
      {contents.tables.length > tablesPerPage || params.q ? <SearchInput action={path} value={params.q} placeholder="Search tables" /> : null}
      {shown.rows.length === 0 ? <p className="py-2 text-table text-ink-2">{params.q ? `No table has \u201c${params.q}\u201d in its name.` : "There are no tables in it."}</p> : null}
      <ul className="mt-1 grid">
        {shown.rows.map((table) => {
          const isChosen = table.schema === params.schema && table.name === params.table;
          return (
            <li key={`${table.schema}.${table.name}`} className="border-b border-line last:border-b-0">
              <Link
                href={`${href(path, { q: params.q, page: params.page, schema: table.schema, table: table.name }, { page: 1 })}#rows`}
                scroll={false}
                aria-current={isChosen ? "true" : undefined}
                className={cn("-mx-2 flex items-baseline gap-3 rounded-control px-2 py-[7px] text-table hover:bg-hover touch:py-3", isChosen && "bg-sunken font-medium")}
              >
                <ObjectName name={`${table.schema}.${table.name}`} className="min-w-0 flex-1" />
                <span className="shrink-0 text-caption text-ink-3">{kindWords[table.kind] ?? (table.rows === null ? bytes(table.sizeBytes) : `${count(table.rows)} rows`)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      {shown.pages > 1 ? <Pagination page={shown.page} pages={shown.pages} href={(page) => href(path, { q: params.q, page, schema: params.schema, table: params.table }, { page: 1 })} /> : null}
    </>
  );
}
