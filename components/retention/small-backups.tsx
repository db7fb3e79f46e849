"use client";

import { acceptSizeAction } from "@/app/(dashboard)/settings/retention/actions";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { TextLink } from "@/components/ui/text-link";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { minuteTime } from "@/lib/format/times";
import type { RetentionPreview } from "@/lib/retention/preview-schemas";

type Small = RetentionPreview["suspicious"][number];

/** Asks about backups that are far smaller than usual, before anything is removed in exchange for one of them. */
export function SmallBackups({ backups, mayAccept, onAccepted }: { backups: readonly Small[]; mayAccept: boolean; onAccepted: () => void }) {
  if (backups.length === 0) return null;
  return (
    <Banner tone="warning" title={backups.length === 1 ? "Is this backup right to be so small?" : `Are these ${plural(backups.length, "backup")} right to be so small?`} className="mt-3">
      Until somebody says so nothing older is removed in exchange: a table may have been emptied, and then the older ones are the only ones that still have it.
      <ul className="mt-2 grid gap-1.5">
        {backups.map((backup) => (
          <li key={backup.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <TextLink href={`/backups/${backup.id}`}>{minuteTime(backup.takenAt)} UTC</TextLink>
            <span>{sizeWords(backup)}</span>
            {mayAccept ? <Accept backup={backup} onAccepted={onAccepted} /> : null}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

/** "12 MiB, usually 724 MiB; 3 records, usually 1,000". */
function sizeWords({ sizeBytes, usualBytes, rows, usualRows }: Small): string {
  const records = rows === null || usualRows === null ? "" : `; ${plural(rows, "record")}, usually ${count(usualRows)}`;
  return `${bytes(sizeBytes)}, usually ${bytes(usualBytes)}${records}`;
}

function Accept({ backup, onAccepted }: { backup: Small; onAccepted: () => void }) {
  const when = minuteTime(backup.takenAt);
  return (
    <ConfirmDialog
      trigger={<Button size="sm" aria-label={`It is right: ${when}`}>It is right</Button>}
      title={`The backup of ${when} is right to be so small`}
      consequences={[{ text: <><b className="font-semibold">It then replaces older ones</b>, which the rules may remove: {sizeWords(backup)}.</> }, { text: "Later backups are compared with this one." }]}
      safetyNet="Nothing is removed at this moment. The audit log keeps who said so."
      confirmLabel="It is right"
      tone="primary"
      onConfirm={() => acceptSizeAction({ backupId: backup.id })}
      onDone={onAccepted}
    />
  );
}
