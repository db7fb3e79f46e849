"use client";

import { Archive, ArrowUpRight, Download, FlaskConical, RotateCcw, ShieldCheck, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { RowActions } from "@/components/data-table/table";
import { Button } from "@/components/ui/button";
import { DropdownMenuItem, DropdownMenuSeparator, KebabMenu } from "@/components/ui/dropdown-menu";
import type { Deletion } from "@/lib/backup/deletion";
import { shortTime } from "@/lib/format/times";
import { DeleteBackup } from "./delete-backup";
import { useBackupActions } from "./use-backup-actions";

export interface BackupRowActionsProps {
  backup: { id: string; takenAt: string; databaseName: string; keep: boolean; legalHold: string | null; foreign: boolean; present: boolean; deletion: Deletion };
  mayDelete: boolean;
  mayRestore: boolean;
}

const icon = { size: 16, strokeWidth: 1.75, "aria-hidden": true } as const;

/** The end of a row: Restore, and the rest behind dots. Where that cannot be, because of the file or the person, Download takes its place. */
export function BackupRowActions({ backup, mayDelete, mayRestore }: BackupRowActionsProps) {
  const [deleting, setDeleting] = useState(false);
  const name = `${backup.databaseName}, ${shortTime(backup.takenAt)}`;
  const { verify, drill, toggleKeep } = useBackupActions({ id: backup.id, name, keep: backup.keep });
  const file = `/api/backups/${backup.id}/file`;
  const restore = `/restore/what?backup=${encodeURIComponent(backup.id)}`;
  return (
    <RowActions>
      {backup.present && mayRestore && !backup.foreign ? (
        <Button size="sm" asChild>
          <Link href={restore} aria-label={`Restore ${name}`}>
            Restore
          </Link>
        </Button>
      ) : backup.present ? (
        <Button size="sm" asChild>
          <a href={file} download aria-label={`Download ${name}`}>
            Download
          </a>
        </Button>
      ) : null}
      <KebabMenu label={`More actions for ${name}`}>
        <DropdownMenuItem asChild>
          <Link href={`/backups/${backup.id}`}>
            <ArrowUpRight {...icon} />
            Open
          </Link>
        </DropdownMenuItem>
        {mayRestore ? null : (
          <DropdownMenuItem disabled>
            <RotateCcw {...icon} />
            Restore: an admin has to allow you first
          </DropdownMenuItem>
        )}
        {backup.present ? (
          <DropdownMenuItem asChild>
            <a href={file} download>
              <Download {...icon} />
              Download
            </a>
          </DropdownMenuItem>
        ) : null}
        <DropdownMenuItem onSelect={() => void verify()}>
          <ShieldCheck {...icon} />
          Verify
        </DropdownMenuItem>
        {backup.present && !backup.foreign ? (
          <DropdownMenuItem onSelect={() => void drill()}>
            <FlaskConical {...icon} />
            Drill
          </DropdownMenuItem>
        ) : null}
        <DropdownMenuItem onSelect={() => void toggleKeep()}>
          <Archive {...icon} />
          {backup.keep ? "Stop keeping it" : "Keep until removed"}
        </DropdownMenuItem>
        {mayDelete ? (
          <>
            <DropdownMenuSeparator />
            <DropdownMenuItem tone="danger" disabled={backup.keep || backup.legalHold !== null} onSelect={() => setDeleting(true)}>
              <Trash2 {...icon} />
              {backup.legalHold !== null ? "Delete: it is on legal hold" : backup.keep ? "Delete: stop keeping it first" : "Delete backup"}
            </DropdownMenuItem>
          </>
        ) : null}
      </KebabMenu>
      {deleting ? <DeleteBackup open onOpenChange={setDeleting} backup={backup} /> : null}
    </RowActions>
  );
}
