import type { IncomingHttpHeaders } from "node:http";
import type { Context } from "@/lib/context";
import { toPublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { recordForbidden } from "@/lib/tokens/refusal";
import { uploadErrors } from "./errors";

/**
 * Throws `upload.other_origin` unless a page of this very Holdfast sent the request: a browser says where a page came from with every
 * POST, and a page of another site cannot forge it. That refusal is an audit entry of whoever's session was used, under the attempt's name.
 */
export async function requireSameOrigin(ctx: Context, headers: IncomingHttpHeaders, attempt: string): Promise<void> {
  if (isSameOrigin(headers)) return;
  const error = uploadErrors.other_origin({});
  await recordForbidden(ctx, attempt, toPublicError(error)).catch((unsaid: unknown) => log.error({ err: unsaid, attempt }, "a refusal could not be recorded"));
  throw error;
}

function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const host = [headers["x-forwarded-host"]].flat()[0]?.split(",")[0]?.trim() ?? headers.host;
  const { origin, "sec-fetch-site": site } = headers;
  if (site !== undefined && site !== "same-origin") return false;
  return Boolean(host) && origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
