"use client";

import { FlaskConical } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import { Button, type ButtonProps } from "@/components/ui/button";
import { startDrillAction } from "./actions";

export interface DrillNowProps extends Pick<ButtonProps, "size" | "variant"> {
  /** Null: there is none that could be drilled. */
  backupId: string | null;
  /** What is drilled, for who cannot see which row this is in: "bimcalc". */
  name: string;
  /** The words on the button. */
  children?: string;
}

/** Starts a drill and goes to its run. It touches nothing live, so nobody is asked. */
export function DrillNow({ backupId, name, size = "sm", variant = "default", children = "Drill now" }: DrillNowProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  if (backupId === null) return <span className="text-table text-ink-3">no backup to drill</span>;
  const press = () =>
    startTransition(async () => {
      const result = await startDrillAction({ backupId }).catch(() => null);
      if (result?.ok) router.push(`/runs/${result.data.runId}`);
      else toast.error(result?.error.message ?? "No answer came back, so it is not known whether the drill started.", { description: result ? result.error.hint : "Look under Runs before you try again." });
    });
  return (
    <Button size={size} variant={variant} pending={pending} onClick={press} aria-label={`${children}: ${name}`}>
      <FlaskConical size={16} strokeWidth={1.75} aria-hidden />
      {pending ? "Starting…" : children}
    </Button>
  );
}
