// A Pages route like that of uploads: the proxy would cut a longer body without a word.
import { Readable } from "node:stream";
import type { NextApiRequest, NextApiResponse } from "next";
import { requireContextFor } from "@/lib/auth/context";
import { clientWentAway } from "@/lib/download/send-file";
import { httpStatus, toPublicError } from "@/lib/errors";
import { importHistory } from "@/lib/imports/history";
import { HistoryInput } from "@/lib/imports/schemas";
import { log } from "@/lib/log";
import { refuseBody } from "@/lib/upload/refuse";
import { requireSameOrigin } from "@/lib/upload/same-origin";

export const config = { api: { bodyParser: false, externalResolver: true } };

const attempt = "history.import";

/** Reads a log of the procedures' scripts; with the hash of what was shown, its runs go into the audit log. */
export default async function handler(req: NextApiRequest, res: NextApiResponse): Promise<void> {
  if (req.method !== "POST") {
    res.setHeader("Allow", "POST").status(405).json({ error: { code: "method", kind: "invalid", message: "A log can only be sent here." } });
    return;
  }
  try {
    const ctx = await requireContextFor(req, res, { role: "admin", attempt });
    await requireSameOrigin(ctx, req.headers, attempt);
    const input = HistoryInput.safeParse(req.query);
    if (!input.success) return await refuseBody(req, res, 400, { code: "invalid", kind: "invalid", message: input.error.issues[0]?.message ?? "Choose a time zone." });
    // The iterator leaves the request alone when the log is refused: destroying it would take the answer with it.
    const body = Readable.from(req.iterator({ destroyOnReturn: false }), { objectMode: false });
    res.setHeader("Cache-Control", "no-store").status(200).json(await importHistory(ctx, input.data, body));
  } catch (error) {
    if (clientWentAway(error) || req.destroyed) {
      log.debug("an import was left before its end");
      return;
    }
    const shown = toPublicError(error);
    if (shown.kind === "internal") log.error({ err: error }, "import failed");
    await refuseBody(req, res, httpStatus[shown.kind], shown);
  }
}
