"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { Cell, Column, HiddenColumn, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Age } from "@/components/time/age";
import { Tag } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import type { ActionResult } from "@/lib/action";
import type { PublicError } from "@/lib/errors";
import type { ListedSession } from "@/lib/users/list-sessions";
import { revokeSessionAction, signOutEverywhereAction } from "./actions";

type Row = Omit<ListedSession, "userAgent"> & { browser: string };

/** Your live sessions. Ending one signs that browser out at its next request. */
export function SessionsTable({ sessions, now }: { sessions: readonly Row[]; now: string }) {
  const router = useRouter();
  const [pending, setPending] = useState<string | null>(null);
  const [error, setError] = useState<PublicError | null>(null);

  async function end(what: string, work: () => Promise<ActionResult<unknown>>, done: string) {
    if (pending) return;
    setPending(what);
    const result = await work();
    setPending(null);
    setError(result.ok ? null : result.error);
    if (result.ok) toast.success(done);
    router.refresh();
  }

  return (
    <>
      {error ? (
        <Banner tone="danger" live title={error.message} className="mb-4">
          {error.hint}
        </Banner>
      ) : null}
      <Table caption="Browsers you are signed in with" rows="two">
        <TableHead>
          <Column>Browser</Column>
          <Column>Last seen</Column>
          <Column>Ends</Column>
          <HiddenColumn>Actions</HiddenColumn>
        </TableHead>
        <TableBody>
          {sessions.map((session) => (
            <TableRow key={session.id}>
              <Cell phone="full">
                <span className="flex flex-wrap items-center gap-2 font-medium">
                  {session.browser}
                  {session.present ? <Tag>This one</Tag> : null}
                </span>
                <span className="block text-caption text-ink-3">from {session.origin}</span>
              </Cell>
              <Cell label="Last seen">
                <Age at={session.lastSeenAt} now={now} />
              </Cell>
              <Cell label="Ends">
                <Age at={session.expiresAt} now={now} />
              </Cell>
              <Cell phone="end" className="text-right">
                {session.present ? null : (
                  <Button
                    size="sm"
                    pending={pending === session.id}
                    aria-label={`Sign out ${session.browser} from ${session.origin}`}
                    onClick={() => void end(session.id, () => revokeSessionAction({ sessionId: session.id }), `${session.browser} is signed out.`)}
                  >
                    Sign out
                  </Button>
                )}
              </Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {sessions.length > 1 ? (
        <Button className="mt-4" pending={pending === "all"} onClick={() => void end("all", () => signOutEverywhereAction({}), "Signed out everywhere else.")}>
          Sign out everywhere else
        </Button>
      ) : (
        <p className="mt-3 text-table text-ink-3">You are signed in nowhere else.</p>
      )}
    </>
  );
}
