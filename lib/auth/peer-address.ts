import diagnostics from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

const shared = globalThis as unknown as { holdfastAppendsPeer?: boolean };

/**
 * Appends each request's socket address to its `x-forwarded-for`, before Next sees it. Next only fills the header in when
 * it is empty, so without this anyone could write their own address there and escape the lockout. Call once per process.
 */
export function appendPeerAddress(): void {
  if (shared.holdfastAppendsPeer) return;
  shared.holdfastAppendsPeer = true;
  diagnostics.subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const claimed = request.headers["x-forwarded-for"];
    request.headers["x-forwarded-for"] = [claimed, request.socket.remoteAddress].flat().filter(Boolean).join(", ");
  });
}
