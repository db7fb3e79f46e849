import { Download } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { AuditFilterBar } from "@/components/audit/audit-filters";
import { AuditTable } from "@/components/audit/audit-table";
import { ChainLine } from "@/components/audit/chain-line";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from "@/components/ui/dropdown-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { readChain } from "@/lib/audit/check-chain";
import { auditPageSize, listAudit, listAuditChoices } from "@/lib/audit/list";
import { auditExportHref, auditHref, AuditParams, clearAuditHref, isFiltered } from "@/lib/audit/search-params";
import { pageContext } from "@/lib/auth/page";
import { count } from "@/lib/format/counts";
import { pagesOf, type Query } from "@/lib/url/query";
import { atLeast } from "@/lib/users/schemas";
import { checkChainAction } from "./actions";

export const metadata: Metadata = { title: "Audit log" };

export default async function AuditPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = AuditParams.parse(await searchParams);
  const [{ rows, total }, choices, chain] = await Promise.all([listAudit(ctx, params), listAuditChoices(ctx), readChain(ctx)]);
  const first = (params.page - 1) * auditPageSize + 1;
  const summary = rows.length > 0 ? `${count(first)} to ${count(first + rows.length - 1)} of ${count(total)}` : null;
  const mayVerify = ctx.actor.kind === "user" && atLeast(ctx.actor.role, "operator");
  const now = ctx.clock.now().toISOString();
  return (
    <Page crumbs={[{ label: "Audit log" }]}>
      <PageHead
        title="Audit log"
        sub="Every action, refusals included. Entries cannot be changed or removed, here or in the database."
        actions={
          <DropdownMenu>
            <DropdownMenuTrigger asChild>
              <Button>
                <Download size={16} strokeWidth={1.75} aria-hidden />
                Export
              </Button>
            </DropdownMenuTrigger>
            <DropdownMenuContent align="end">
              <DropdownMenuItem asChild>
                <a href={auditExportHref(params, "csv")} download>
                  {isFiltered(params) ? "What is filtered, CSV" : "Whole log, CSV"}
                </a>
              </DropdownMenuItem>
              <DropdownMenuItem asChild>
                <a href={auditExportHref(params, "json")} download>
                  {isFiltered(params) ? "What is filtered, JSON" : "Whole log, JSON"}
                </a>
              </DropdownMenuItem>
            </DropdownMenuContent>
          </DropdownMenu>
        }
      />
      <ChainLine chain={chain} now={now} verify={mayVerify ? checkChainAction : null} />
      <AuditFilterBar params={params} choices={choices} summary={summary} />
      {rows.length > 0 ? (
        <>
          <AuditTable rows={rows} now={now} />
          <Pagination page={params.page} pages={pagesOf(total, auditPageSize)} href={(page) => auditHref(params, { page })} />
        </>
      ) : (
        <EmptyState
          kind={isFiltered(params) || params.page > 1 ? "filtered" : "nothing"}
          title={isFiltered(params) ? "No entry matches" : params.page > 1 ? "There is no such page" : "No entries yet"}
          className="mt-4"
          action={
            isFiltered(params) || params.page > 1 ? (
              <Button asChild size="sm">
                <Link href={clearAuditHref(params) ?? "/audit"}>{isFiltered(params) ? "Clear filters" : "Go to the first page"}</Link>
              </Button>
            ) : null
          }
        >
          {isFiltered(params) ? "Nothing in the log fits this search and these filters together." : "What people and Holdfast do will stand here."}
        </EmptyState>
      )}
    </Page>
  );
}
