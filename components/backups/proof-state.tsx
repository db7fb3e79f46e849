import type { ReactNode } from "react";
import { LadderSmall } from "@/components/proof/ladder-small";
import { rungWords } from "@/components/proof/rungs";
import { Age } from "@/components/time/age";
import { Badge } from "@/components/ui/badge";
import { Octagon } from "@/components/ui/shapes";
import { type Trust, wasWords } from "@/lib/backup/trust";
import type { Instant } from "@/lib/format/times";

const problemWords = { damaged: "Damaged", missing: "Missing" } as const;

/** How far a backup can be trusted, in a row: drawing, word, age. A problem is a word in red with its shape. */
export function ProofState({ trust, now }: { trust: Trust; now: Instant }) {
  switch (trust.state) {
    case "checked":
      return <LadderSmall rung={trust.rung} sub={trust.at ? <Age at={trust.at} now={now} /> : null} />;
    case "unknown":
      return <LadderSmall rung={null} sub={<span title={trust.why}>{wasWords(trust)}</span>} />;
    case "damaged":
    case "missing":
      return (
        <span className="inline-flex items-center gap-2" title={trust.message}>
          <Octagon className="text-exposed" />
          <span>
            <span className="font-medium text-exposed">{problemWords[trust.state]}</span>
            <span className="block text-caption text-ink-3">
              <Age at={trust.at} now={now} />
            </span>
          </span>
        </span>
      );
  }
}

/** The same as a chip under a title. */
export function ProofChip({ trust, now }: { trust: Trust; now: Instant }) {
  switch (trust.state) {
    case "checked":
      return <LadderSmall chip rung={trust.rung} sub={trust.at ? <Age at={trust.at} now={now} /> : null} />;
    case "unknown":
      return <LadderSmall chip rung={null} sub={`, ${wasWords(trust)}`} />;
    case "damaged":
    case "missing":
      return (
        <Badge tone="danger" chip icon={<Octagon />}>
          {problemWords[trust.state]}
        </Badge>
      );
  }
}

/** The word alone, for sentences and accessible names. */
export function trustWord(trust: Trust): string {
  if (trust.state === "checked") return rungWords[trust.rung];
  return trust.state === "unknown" ? "Not known" : problemWords[trust.state];
}

/** Copies of a backup in a row: how many are where they belong, and in which stores. */
export function copiesWords(copies: readonly { store: string; missing: boolean; unreachable: boolean }[]): { main: ReactNode; sub: string; known: boolean } {
  const missing = copies.filter((copy) => copy.missing);
  const silent = copies.filter((copy) => copy.unreachable && !copy.missing);
  const there = copies.length - missing.length - silent.length;
  const stores = copies.map((copy) => copy.store).join(", ");
  if (copies.length === 0) return { main: "None", sub: "no file is listed", known: true };
  if (silent.length === copies.length) return { main: "Not known", sub: `${stores} silent`, known: false };
  const sub = missing.length > 0 ? `missing from ${missing.map((copy) => copy.store).join(", ")}` : silent.length > 0 ? `${silent.map((copy) => copy.store).join(", ")} silent` : stores;
  return { main: `${there} of ${copies.length}`, sub, known: true };
}
