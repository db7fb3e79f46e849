import { systemClock } from "@/lib/clock";
import { db } from "@/lib/db/client";
import { unreadyReasons } from "@/lib/monitoring/readiness";

const headers = { "Cache-Control": "no-store" };

/**
 * For whoever keeps Holdfast running. Answers 200 as long as this process lives; with `?ready=1` it answers 503 and says
 * why when no backup could be made now. Needs no sign-in and tells nothing about what is backed up.
 */
export async function GET(request: Request): Promise<Response> {
  if (new URL(request.url).searchParams.get("ready") !== "1") return Response.json({ status: "ok" }, { headers });
  const reasons = await unreadyReasons({ db, clock: systemClock });
  return reasons.length === 0
    ? Response.json({ status: "ok" }, { headers })
    : Response.json({ status: "unready", reasons }, { status: 503, headers });
}
