"use client";

import { useRouter } from "next/navigation";
import { useEffect, useTransition } from "react";
import { z } from "zod";
import { toast } from "sonner";
import { useQuestion } from "@/components/databases/use-question";
import { Button } from "@/components/ui/button";
import { closeLookAction } from "./actions";

/** Closes the look now. It can be opened again, so nothing is asked first. */
export function CloseLook({ lookId }: { lookId: string }) {
  const router = useRouter();
  const [isRefreshing, startRefresh] = useTransition();
  const question = useQuestion(z.unknown(), () => closeLookAction({ lookId }), () => startRefresh(() => router.refresh()));
  // Until the page without the look is there: a button that offers to close again meanwhile looks as if nothing had happened.
  const isClosing = question.isAsking || isRefreshing;
  const message = question.error?.message;
  useEffect(() => {
    if (message) toast.error(message);
  }, [message]);
  return (
    <Button pending={isClosing} onClick={question.ask}>
      {isClosing ? "Closing…" : "Close"}
    </Button>
  );
}
