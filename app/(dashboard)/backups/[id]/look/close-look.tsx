"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { z } from "zod";
import { toast } from "sonner";
import { useQuestion } from "@/components/databases/use-question";
import { Button } from "@/components/ui/button";
import { closeLookAction } from "./actions";

/** Closes the look now. It can be opened again, so nothing is asked first. */
export function CloseLook({ lookId }: { lookId: string }) {
  const router = useRouter();
  const question = useQuestion(z.unknown(), () => closeLookAction({ lookId }), () => router.refresh());
  const message = question.error?.message;
  useEffect(() => {
    if (message) toast.error(message);
  }, [message]);
  return (
    <Button pending={question.isAsking} onClick={question.ask}>
      {question.isAsking ? "Closing…" : "Close"}
    </Button>
  );
}
