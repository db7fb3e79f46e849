"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { Cell, CellSub, Column, HiddenColumn, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Age } from "@/components/time/age";
import { Tag } from "@/components/ui/badge";
import { DropdownMenuItem, KebabMenu } from "@/components/ui/dropdown-menu";
import type { ListedToken, TokenState } from "@/lib/tokens/list";
import { scopeWords } from "@/lib/tokens/scope-words";
import { revokeTokenAction } from "./actions";

const stateWords = { live: null, expired: "Expired", revoked: "Revoked", maker_gone: "Maker disabled" } as const satisfies Record<TokenState, string | null>;

/** Every token, what it may, and when it was last used from where. */
export function TokensTable({ tokens, now }: { tokens: readonly ListedToken[]; now: string }) {
  const router = useRouter();
  const [asked, setAsked] = useState<ListedToken | null>(null);
  return (
    <>
      <Table caption="API tokens" rows="two">
        <TableHead>
          <Column>Name</Column>
          <Column>It may</Column>
          <Column>Last used</Column>
          <Column>Expires</Column>
          <HiddenColumn>Actions</HiddenColumn>
        </TableHead>
        <TableBody>
          {tokens.map((token) => (
            <TableRow key={token.id}>
              <Cell phone="full">
                <span className="flex flex-wrap items-center gap-2 font-medium [overflow-wrap:anywhere]">
                  {token.name}
                  {stateWords[token.state] ? <Tag>{stateWords[token.state]}</Tag> : null}
                </span>
                <CellSub>
                  <code>{token.start}…</code> by {token.createdBy}
                </CellSub>
              </Cell>
              <Cell label="It may" phone="full" className="[overflow-wrap:anywhere]">
                {token.scopes.map((scope) => scopeWords[scope].word).join(", ")}
                <CellSub>{token.databases ? token.databases.join(", ") : "all databases"}</CellSub>
              </Cell>
              <Cell label="Last used">
                {token.lastUsedAt ? (
                  <>
                    <Age at={token.lastUsedAt} now={now} />
                    <CellSub>from {token.lastUsedFrom}</CellSub>
                  </>
                ) : (
                  <span className="text-ink-3">Never</span>
                )}
              </Cell>
              <Cell label={token.state === "expired" ? "Expired" : "Expires"}>
                <Age at={token.expiresAt} now={now} />
              </Cell>
              <Cell phone="end" className="text-right">
                {token.state === "revoked" ? null : (
                  <KebabMenu label={`More actions for ${token.name}`}>
                    <DropdownMenuItem tone="danger" onSelect={() => setAsked(token)}>
                      Revoke {token.name}
                    </DropdownMenuItem>
                  </KebabMenu>
                )}
              </Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {asked ? (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setAsked(null)}
          title={`Revoke the token ${asked.name}`}
          consequences={[{ text: <><b>Whatever uses it is refused from its next request on.</b> This cannot be taken back; a new token has another secret.</> }]}
          safetyNet="What was done with it stays in the audit log. Runs it started go on."
          confirmLabel="Revoke token"
          pendingLabel="Revoking…"
          onConfirm={() => revokeTokenAction({ tokenId: asked.id })}
          onDone={() => {
            toast.success(`The token ${asked.name} does not work any more.`);
            router.refresh();
          }}
        />
      ) : null}
    </>
  );
}
