"use client";

import { useEffect } from "react";
import { EntryHead, EntryShell } from "@/components/shell/entry-shell";
import { Button } from "@/components/ui/button";

/** When not even the frame could be drawn: most likely the metadata database cannot be read. */
export default function RootError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <EntryShell>
      <EntryHead title="Holdfast cannot show this now" sub="It could not read its own record. Stored backups are files of their own and are not affected; each one restores without Holdfast." />
      <Button variant="primary" onClick={reset}>
        Try again
      </Button>
      <p className="mt-5 text-caption text-ink-3">The log of the web process has the cause{error.digest ? `, under ${error.digest}` : ""}.</p>
    </EntryShell>
  );
}
