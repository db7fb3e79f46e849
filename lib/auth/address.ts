import { isIP } from "node:net";
import { z } from "zod";

const TrustedProxies = z.coerce.number().int().min(0).max(10).default(0);

/**
 * The address a request came from. Every proxy appends the address it was called from to `x-forwarded-for`, and so does
 * this server (peer-address.ts), so the last entry is the socket. HOLDFAST_TRUSTED_PROXIES says how many entries before it
 * were written by your own proxies; anything further left is the client's own claim and is ignored.
 */
export function clientAddress(forwardedFor: string | null, trustedProxies = TrustedProxies.parse(process.env["HOLDFAST_TRUSTED_PROXIES"])): string {
  const hops = (forwardedFor ?? "").split(",").map((hop) => hop.trim()).filter(Boolean);
  const hop = hops[Math.max(0, hops.length - 1 - trustedProxies)] ?? "";
  const address = hop.startsWith("::ffff:") && isIP(hop.slice(7)) === 4 ? hop.slice(7) : hop;
  return isIP(address) ? address : "unknown";
}
