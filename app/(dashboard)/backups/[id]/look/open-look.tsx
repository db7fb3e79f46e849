"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import type { PublicError } from "@/lib/errors";
import { openLookAction } from "./actions";

/** Opens the backup, or says why not. */
export function OpenLook({ backupId }: { backupId: string }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<PublicError | null>(null);
  async function open() {
    setPending(true);
    setError(null);
    try {
      const result = await openLookAction({ backupId });
      if (result.ok) router.refresh();
      else setError(result.error);
    } catch {
      setError({ code: "no_answer", kind: "unavailable", message: "No answer came back.", hint: "Load this page again to see whether it was opened." });
    }
    setPending(false);
  }
  return (
    <div className="grid justify-items-start gap-3">
      <Button variant="primary" pending={pending} onClick={() => void open()}>
        {pending ? "Starting…" : "Open the backup"}
      </Button>
      {error ? (
        <Banner tone="danger" live title={error.message}>
          {error.hint}
        </Banner>
      ) : null}
    </div>
  );
}
