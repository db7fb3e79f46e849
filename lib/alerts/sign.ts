import { createHmac } from "node:crypto";

/**
 * The headers of a signed webhook. `Holdfast-Signature` is `v1=` and the hexadecimal HMAC-SHA-256 of `<timestamp>.<body>` under the
 * channel's secret; the timestamp, in Unix seconds, lets a receiver refuse what is old. The event's id is the same in every attempt.
 */
export function signedHeaders(body: string, { signingSecret, eventId, at }: { signingSecret: string; eventId: string; at: Date }): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signature = createHmac("sha256", signingSecret).update(`${timestamp}.${body}`).digest("hex");
  return { "content-type": "application/json", "holdfast-event-id": eventId, "holdfast-timestamp": timestamp, "holdfast-signature": `v1=${signature}` };
}
