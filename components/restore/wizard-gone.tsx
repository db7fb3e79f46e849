import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** In the place of a step whose backup is not listed any more, or was never chosen. */
export function BackupGone({ chosen }: { chosen: boolean }) {
  return (
    <EmptyState
      kind="failed"
      title={chosen ? "That backup is not listed any more" : "No backup is chosen yet"}
      action={
        <Button size="sm" asChild>
          <Link href="/restore">Choose a backup</Link>
        </Button>
      }
    >
      {chosen ? "It was deleted, or the address is not complete. Nothing was changed." : "A restore begins with the backup to go back to."}
    </EmptyState>
  );
}
