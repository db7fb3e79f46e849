import type { ReactNode } from "react";
import { Time } from "@/components/time/time";
import { Fact, FactList } from "@/components/ui/fact-list";
import { DashedCircle, Octagon } from "@/components/ui/shapes";
import type { BackupView } from "@/lib/backup/read";
import { bytes } from "@/lib/format/bytes";

/** Where the backup lies, when each copy was last read back, and when it was last seen there. */
export function BackupCopies({ copies }: { copies: BackupView["copyList"] }) {
  if (copies.length === 0) return <p className="text-table text-ink-2">No copy is listed.</p>;
  return (
    <FactList labelWidth={104}>
      {copies.map((copy) => (
        <Fact key={copy.store} label={copy.store} sub={copy.storeProblem ? <Silent text={copy.storeProblem} /> : null}>
          {copy.missingAt ? (
            <Lost>
              missing since <Time at={copy.missingAt} />
            </Lost>
          ) : copy.problem ? (
            <Lost>{copy.problem}</Lost>
          ) : (
            <>
              {bytes(copy.sizeBytes)}{" "}
              <span className="text-ink-3">
                ·{" "}
                {copy.readBackAt ? (
                  <>
                    read back <Time at={copy.readBackAt} />
                  </>
                ) : (
                  "never read back"
                )}
                {copy.lookedAt ? (
                  <>
                    , seen <Time at={copy.lookedAt} />
                  </>
                ) : null}
              </span>
            </>
          )}
        </Fact>
      ))}
    </FactList>
  );
}

function Lost({ children }: { children: ReactNode }) {
  return (
    <span className="inline-flex items-start gap-1.5 text-exposed">
      <Octagon size={14} className="mt-[3px]" />
      <span className="[overflow-wrap:anywhere]">{children}</span>
    </span>
  );
}

function Silent({ text }: { text: string }) {
  return (
    <span className="inline-flex items-start gap-1.5 text-unknown">
      <DashedCircle size={12} className="mt-0.5" />
      <span>{text}</span>
    </span>
  );
}
