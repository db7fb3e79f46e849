"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { retryDeliveryAction } from "./actions";

/** Has a message tried again at once. */
export function RetryDelivery({ deliveryId, subject }: { deliveryId: string; subject: string }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  async function retry() {
    setPending(true);
    try {
      const result = await retryDeliveryAction({ deliveryId });
      if (result.ok) toast.success("It is tried again now.");
      else toast.error(result.error.message);
      router.refresh();
    } catch {
      toast.error("No answer came back. Reload the page and look.");
    } finally {
      setPending(false);
    }
  }
  return <Button size="sm" pending={pending} aria-label={`Retry now: ${subject}`} onClick={() => void retry()}>{pending ? "Asking…" : "Retry now"}</Button>;
}
