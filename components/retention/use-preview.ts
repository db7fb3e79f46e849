"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { RetentionPreview } from "@/lib/retention/preview-schemas";
import type { RetentionPolicy } from "@/lib/retention/schemas";

/** What a policy would do now. A null policy asks nothing: everything is kept. The last answer stays until the next is there. */
export function usePreview(databaseId: string, policy: RetentionPolicy | null) {
  const asked = useDeferredValue(policy ? JSON.stringify(policy) : null);
  return useQuery({
    queryKey: ["retention", databaseId, asked],
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ databaseId, policy: asked ?? "" });
      const response = await fetch(`/api/retention?${query.toString()}`, { signal, cache: "no-store" });
      if (!response.ok) throw new Error(`What this would do could not be read (${response.status}).`);
      return RetentionPreview.parse(await response.json());
    },
  });
}
