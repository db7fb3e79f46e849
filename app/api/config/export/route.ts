import { z } from "zod";
import { handler } from "@/lib/auth/handler";
import { exportConfig } from "@/lib/config/export";

/** The present settings as a file to begin from. */
export const GET = handler({ role: "admin", attempt: "config.export", input: z.object({}) }, async (ctx) => {
  const text = await exportConfig(ctx);
  return new Response(text, { headers: { "Content-Type": "application/yaml; charset=utf-8", "Content-Disposition": 'attachment; filename="holdfast.config.yaml"', "Cache-Control": "no-store" } });
});
