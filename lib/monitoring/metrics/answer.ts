import "server-only";
import { httpStatus, toPublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { requireCaller, type Caller } from "@/lib/tokens/require-caller";
import { version } from "@/package.json";
import { readFigures } from "./read";
import { contentType, render } from "./render";
import { toSamples } from "./samples";

const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** Figures for Prometheus, read from the record at this moment. For a token with the scope `metrics`, and for anyone who is signed in. */
export async function answerMetrics(caller: Caller): Promise<Response> {
  try {
    const ctx = await requireCaller(caller, { scope: "metrics", attempt: "metrics.read" });
    const samples = toSamples(await readFigures(ctx), ctx.clock.now(), version);
    return new Response(await render(samples), { headers: { ...headers, "Content-Type": contentType } });
  } catch (error) {
    const shown = toPublicError(error);
    if (shown.kind === "internal") log.error({ err: error }, "metrics cannot be read");
    return Response.json({ error: shown }, { status: httpStatus[shown.kind], headers });
  }
}
