"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState, useTransition } from "react";
import { Button, type ButtonProps } from "@/components/ui/button";
import { Octagon } from "@/components/ui/shapes";
import type { ActionResult } from "@/lib/action";
import type { PublicError } from "@/lib/errors";

export type StartBackup = (input: { databaseId: string }) => Promise<ActionResult<{ runId: number }>>;

/** Starts a backup and goes to its run, where it can be watched. A refusal is said beside the button. */
export function StartBackupButton({ databaseId, start, variant = "default", size, children }: { databaseId: string; start: StartBackup; children: ReactNode } & Pick<ButtonProps, "variant" | "size">) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [error, setError] = useState<PublicError | null>(null);
  function press() {
    setError(null);
    startTransition(async () => {
      try {
        const result = await start({ databaseId });
        if (result.ok) router.push(`/runs/${result.data.runId}`);
        else setError(result.error);
      } catch {
        setError({ code: "no_answer", kind: "unavailable", message: "No answer came back, so it is not known whether it started.", hint: "Look under Runs before you try again." });
      }
    });
  }
  return (
    <>
      <Button variant={variant} size={size} pending={pending} onClick={press}>
        {pending ? "Starting…" : children}
      </Button>
      {error ? (
        <p role="alert" className="flex basis-full items-start gap-1.5 text-table text-exposed">
          <Octagon size={14} className="mt-[3px]" />
          <span>
            {error.message} {error.hint}
          </span>
        </p>
      ) : null}
    </>
  );
}
