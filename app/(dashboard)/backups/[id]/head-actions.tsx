"use client";

import { Download, Eye, FlaskConical, RotateCcw, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { useBackupActions } from "../use-backup-actions";

export interface HeadActionsProps {
  backup: { id: string; name: string; keep: boolean; present: boolean; foreign: boolean; activeRunId: number | null };
  /** Whether verifying is what should come next: nothing is known of the file, or something is wrong with it. */
  verifyFirst: boolean;
}

/** Restore, verify, drill, look inside and download. The one that should come first leads; the wizard says why somebody may not restore. */
export function HeadActions({ backup, verifyFirst }: HeadActionsProps) {
  const { verify, drill } = useBackupActions(backup);
  return (
    <>
      {backup.activeRunId !== null ? (
        <Button asChild>
          <Link href={`/runs/${backup.activeRunId}`}>Open run {backup.activeRunId}</Link>
        </Button>
      ) : (
        <Button variant={verifyFirst ? "primary" : "default"} onClick={() => void verify()}>
          <ShieldCheck size={16} strokeWidth={1.75} aria-hidden className={verifyFirst ? "text-on-accent!" : undefined} />
          Verify
        </Button>
      )}
      {backup.present && !backup.foreign && backup.activeRunId === null ? (
        <Button onClick={() => void drill()}>
          <FlaskConical size={16} strokeWidth={1.75} aria-hidden />
          Drill
        </Button>
      ) : null}
      {backup.present ? (
        <Button asChild>
          <Link href={`/backups/${backup.id}/look`}>
            <Eye size={16} strokeWidth={1.75} aria-hidden />
            Look inside
          </Link>
        </Button>
      ) : null}
      {backup.present ? (
        <Button asChild>
          <a href={`/api/backups/${backup.id}/file`} download>
            <Download size={16} strokeWidth={1.75} aria-hidden />
            Download
          </a>
        </Button>
      ) : null}
      {backup.present ? (
        <Button variant={verifyFirst ? "default" : "primary"} asChild>
          <Link href={`/restore/what?backup=${encodeURIComponent(backup.id)}`}>
            <RotateCcw size={16} strokeWidth={1.75} aria-hidden className={verifyFirst ? undefined : "text-on-accent!"} />
            Restore
          </Link>
        </Button>
      ) : null}
    </>
  );
}
