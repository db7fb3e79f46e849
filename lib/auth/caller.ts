import "server-only";
import { systemClock } from "@/lib/clock";
import { db } from "@/lib/db/client";
import type { Caller } from "@/lib/tokens/require-caller";
import { clientAddress } from "./address";
import { currentSession } from "./context";

/** Who sent a request to a route that programs read. */
export function callerOf(request: Request): Caller {
  const { headers } = request;
  return { place: { db, clock: systemClock, origin: clientAddress(headers.get("x-forwarded-for")) }, authorization: headers.get("authorization"), session: currentSession };
}
