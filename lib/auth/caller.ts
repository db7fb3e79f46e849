import "server-only";
import { systemClock } from "@/lib/clock";
import { db } from "@/lib/db/client";
import type { Place } from "@/lib/tokens/authenticate";
import type { Caller } from "@/lib/tokens/require-caller";
import { clientAddress } from "./address";
import { currentSession } from "./context";

/** Who sent a request to a route that programs read. */
export function callerOf({ headers }: Request): Caller {
  return { place: placeOf(headers.get("x-forwarded-for") ?? undefined), authorization: headers.get("authorization"), session: currentSession };
}

/** Where a request is answered, and the address it came from. */
export function placeOf(forwardedFor: string | string[] | undefined): Place {
  return { db, clock: systemClock, origin: clientAddress([forwardedFor].flat().filter(Boolean).join(", ")) };
}
