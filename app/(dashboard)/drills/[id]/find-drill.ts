import { notFound } from "next/navigation";
import { cache } from "react";
import { pageContext } from "@/lib/auth/page";
import { readDrill } from "@/lib/drill/read";
import { AppError } from "@/lib/errors";

/** The drill of an address, once for the title and the page. */
export const findDrill = cache(async (drillId: string) => {
  const ctx = await pageContext();
  try {
    return { ctx, drill: await readDrill(ctx, { drillId }) };
  } catch (error) {
    if (error instanceof AppError && error.kind === "not_found") notFound();
    throw error;
  }
});
