"use client";

import { useEffect } from "react";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";

/** A page that could not be drawn. The digest finds the cause in the log; its words stay on the server. */
export default function DashboardError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <Page crumbs={[{ label: "Not shown" }]}>
      <PageHead title="This page could not be shown" />
      <EmptyState
        kind="failed"
        title="Something went wrong while it was put together."
        action={
          <Button size="sm" onClick={reset}>
            Try again
          </Button>
        }
      >
        Your backups and what runs now are not affected by it. If it happens again, the log of the web process has the cause
        {error.digest ? (
          <>
            {" "}
            under <code>{error.digest}</code>
          </>
        ) : null}
        .
      </EmptyState>
    </Page>
  );
}
