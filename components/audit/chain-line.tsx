"use client";

import { Link2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import type { ActionResult } from "@/lib/action";
import type { ChainState } from "@/lib/audit/check-chain";
import { count, plural } from "@/lib/format/counts";

export interface ChainLineProps {
  chain: (ChainState & { since: number }) | null;
  now: string;
  /** Null for someone who may only read. */
  verify: ((input: Record<string, never>) => Promise<ActionResult<ChainState>>) | null;
}

const broken = {
  changed: (id: string) => `Entry ${id} was changed after it was written.`,
  "missing before": (id: string) => `An entry before ${id} is missing.`,
  removed: (id: string) => `Entry ${id} was there at the last check and is not now.`,
} as const;

/** Whether every entry still is what was written, up to which one, and as of when. */
export function ChainLine({ chain, now, verify }: ChainLineProps) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const [problem, setProblem] = useState<string | null>(null);
  const press = () =>
    start(async () => {
      try {
        const result = await verify?.({});
        setProblem(result && !result.ok ? result.error.message : null);
        router.refresh();
      } catch {
        setProblem("No answer came back. Try again.");
      }
    });
  const action = verify ? (
    <Button variant="quiet" size="sm" pending={pending} onClick={press} className="-my-1 text-accent hover:text-accent-hover">
      {pending ? "Verifying…" : "Verify now"}
    </Button>
  ) : null;
  const failed = problem ? <span className="block text-exposed">It could not be verified: {problem}</span> : null;
  if (!chain) {
    return (
      <Banner title="The chain was not verified yet." action={action} className="mb-[18px]">
        Each entry carries the hash of the one before; verifying recomputes them all.{failed}
      </Banner>
    );
  }
  if (chain.brokenAt) {
    return (
      <Banner tone="danger" live title={broken[chain.brokenAt.why](count(chain.brokenAt.id))} action={action} className="mb-[18px]">
        {chain.brokenAt.why === "removed" ? "Somebody took entries off the end of the log with access to its file." : `Entries up to ${chain.lastId === null ? "the first" : count(chain.lastId)} are as they were written; what follows cannot be relied on.`} Checked <Time at={chain.at} format="full" />. Your backups are not affected. Compare with an
        export or a copy of the metadata file from before.{failed}
      </Banner>
    );
  }
  return (
    <Banner icon={<Link2 size={16} strokeWidth={2} aria-hidden className="text-protected" />} action={action} className="mb-[18px]">
      <span className="text-ink">
        Chain verified to entry <b>{count(chain.lastId ?? 0)}</b>, <Time at={chain.at} /> UTC, <Age at={chain.at} now={now} />.
      </span>{" "}
      {chain.since > 0 ? `${plural(chain.since, "entry", "entries")} since.` : "None since."}
      {failed}
    </Banner>
  );
}
