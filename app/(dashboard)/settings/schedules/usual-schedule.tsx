"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { usualCron } from "@/lib/schedule/parts";
import { cronSentence, scheduleSentence } from "@/lib/schedule/sentence";
import { saveScheduleAction } from "./actions";

/** What most databases want, in one press, by the clock of whoever presses. */
export function UsualSchedule({ databaseId, name }: { databaseId: string; name: string }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  async function give() {
    setPending(true);
    const times = { cron: usualCron, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
    try {
      const result = await saveScheduleAction({ databaseId, ...times });
      if (result.ok) toast.success(`${name}: ${scheduleSentence(times)}.`);
      else toast.error(result.error.message);
      router.refresh();
    } catch {
      toast.error("No answer came back. Reload the page and look.");
    } finally {
      setPending(false);
    }
  }
  return (
    <Button size="sm" pending={pending} onClick={() => void give()} aria-label={`${cronSentence(usualCron)}: ${name}`}>
      {pending ? "Saving…" : cronSentence(usualCron)}
    </Button>
  );
}
