import { LadderLarge, type RungRow } from "@/components/proof/ladder-large";
import { Time } from "@/components/time/time";
import type { BackupView } from "@/lib/backup/read";
import { type Rung, rungs } from "@/lib/backup/schemas";
import { bytes } from "@/lib/format/bytes";
import { duration } from "@/lib/format/durations";
import { shortDay } from "@/lib/format/times";

/** The ladder of one backup: what each rung rests on, and what is needed for the next. */
export function BackupLadder({ backup }: { backup: BackupView }) {
  const rows = Object.fromEntries(rungs.map((rung) => [rung, rowOf(backup, rung)])) as Record<Rung, RungRow>;
  return <LadderLarge rungs={rows} />;
}

function rowOf(backup: BackupView, rung: Rung): RungRow {
  const { trust, proof } = backup;
  const evidence = proof[rung];
  const broken = trust.state === "damaged" || trust.state === "missing";
  if (broken && trust.rung === rung) {
    return {
      state: "broken",
      what: (
        <>
          <span className="text-ink">{trust.message}</span> {backup.problemHint}
        </>
      ),
      when: <Time at={trust.at} />,
    };
  }
  const number = rungs.indexOf(rung);
  const reached = evidence.at !== null && (!broken || number < rungs.indexOf(trust.rung));
  if (trust.state === "unknown" && reached) return { state: "todo", what: `Was reached${evidence.at ? ` ${shortDay(evidence.at)}` : ""}. It cannot be checked now: ${trust.why}.` };
  if (!reached) return { state: "todo", what: needed(backup, rung) };
  const took = evidence.ms === null ? null : duration(evidence.ms);
  return { state: "done", what: doneWords(backup, rung), ...(evidence.at ? { when: <Time at={evidence.at} /> } : {}), ...(took ? { took } : {}) };
}

function doneWords(backup: BackupView, rung: Rung): string | undefined {
  const stores = backup.copyList.map((copy) => copy.store).join(" and ");
  if (rung === "stored") {
    if (backup.foreign) return `Found in ${stores}. How it was made is not known.`;
    return `pg_dump exited 0; ${bytes(backup.sizeBytes)} committed to ${stores || "the store"}.`;
  }
  const said = backup.proof[rung].what;
  // Without words of its own the rung keeps its general meaning.
  return said ? `${said}.` : undefined;
}

/** What has to happen for a rung that was not reached. */
function needed(backup: BackupView, rung: Rung): string {
  switch (rung) {
    case "proven":
      return "A drill restores it; none has run yet.";
    case "readable":
      return "Verifying decodes it to its last byte.";
    case "intact":
      return backup.foreign ? "Verifying reads every byte and keeps the hash; nobody knows the one it was made with." : "Verifying reads every byte back and compares its hash.";
    case "stored":
      return "The file is not where it should be.";
  }
}
