// A Pages route like the download: a body is read as it comes, and the answer may be given before its end.
import { Readable } from "node:stream";
import type { NextApiRequest, NextApiResponse } from "next";
import { requireContextFor } from "@/lib/auth/context";
import { clientWentAway } from "@/lib/download/send-file";
import { httpStatus, toPublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { receiveUpload } from "@/lib/upload/receive";
import { allowLongUpload } from "@/lib/upload/long-request";
import { refuseBody } from "@/lib/upload/refuse";
import { requireSameOrigin } from "@/lib/upload/same-origin";
import { UploadInput } from "@/lib/upload/schemas";

export const config = { api: { bodyParser: false, responseLimit: false, externalResolver: true } };

const attempt = "backup.upload";

export default async function handler(req: NextApiRequest, res: NextApiResponse): Promise<void> {
  if (req.method !== "POST") {
    res.setHeader("Allow", "POST").status(405).json({ error: { code: "method", kind: "invalid", message: "A file can only be sent here." } });
    return;
  }
  try {
    const ctx = await requireContextFor(req, res, { role: "admin", attempt });
    await requireSameOrigin(ctx, req.headers, attempt);
    const input = UploadInput.safeParse(req.query);
    if (!input.success) return await refuseBody(req, res, 400, { code: "invalid", kind: "invalid", message: "Say which store, and how the file is called." });
    allowLongUpload(req);
    const announced = Number(req.headers["content-length"]);
    // The iterator leaves the request alone when the store fails: destroying it would take the answer with it.
    const body = Readable.from(req.iterator({ destroyOnReturn: false }), { objectMode: false });
    const stored = await receiveUpload(ctx, input.data, body, Number.isSafeInteger(announced) ? announced : null);
    res.setHeader("Cache-Control", "no-store").status(201).json(stored);
  } catch (error) {
    if (clientWentAway(error) || req.destroyed) {
      log.debug("an upload was left before its end");
      return;
    }
    const shown = toPublicError(error);
    if (shown.kind === "internal") log.error({ err: error }, "upload failed");
    await refuseBody(req, res, httpStatus[shown.kind], shown);
  }
}
