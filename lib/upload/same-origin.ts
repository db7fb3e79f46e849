import type { IncomingHttpHeaders } from "node:http";
import { uploadErrors } from "./errors";

/**
 * Throws `upload.other_origin` unless a page of this very Holdfast sent the request: a browser says where a page came from with every
 * POST, and a page of another site cannot forge it.
 */
export function requireSameOrigin(headers: IncomingHttpHeaders): void {
  const host = [headers["x-forwarded-host"]].flat()[0]?.split(",")[0]?.trim() ?? headers.host;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") throw uploadErrors.other_origin({});
  if (!headers.origin || !host || !URL.canParse(headers.origin) || new URL(headers.origin).host !== host) throw uploadErrors.other_origin({});
}
