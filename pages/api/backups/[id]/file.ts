// A Pages route, because route handlers of the app directory lose Content-Length and cannot be left by a client quietly.
import type { NextApiRequest, NextApiResponse } from "next";
import { requireReach } from "@/lib/api/require-reach";
import { placeOf } from "@/lib/auth/caller";
import { requireContextFor } from "@/lib/auth/context";
import type { Context } from "@/lib/context";
import { openBackupFile } from "@/lib/download/open-backup-file";
import { recordDownload } from "@/lib/download/record-download";
import { DownloadInput } from "@/lib/download/schemas";
import { clientWentAway, sendFile } from "@/lib/download/send-file";
import { httpStatus, toPublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { authoriseToken } from "@/lib/tokens/authorise";

export const config = { api: { bodyParser: false, responseLimit: false, externalResolver: true } };

export default async function handler(req: NextApiRequest, res: NextApiResponse): Promise<void> {
  if (req.method !== "GET" && req.method !== "HEAD") {
    res.setHeader("Allow", "GET, HEAD").status(405).json({ error: { code: "method", kind: "invalid", message: "A backup can only be read here." } });
    return;
  }
  try {
    const ctx = await requireDownloader(req, res);
    const input = DownloadInput.safeParse(req.query);
    if (!input.success) {
      res.status(400).json({ error: { code: "invalid", kind: "invalid", message: "Ask for one part: backup, roles or sidecar." } });
      return;
    }
    await requireReach(ctx, { backupId: input.data.id });
    const file = await openBackupFile(ctx, input.data);
    try {
      await sendFile(req, res, file, (start) => recordDownload(ctx, file, start));
    } finally {
      await file.handle.close();
    }
  } catch (error) {
    refuse(res, error);
  }
}

/** A program whose token has the scope, or an operator who is signed in. */
async function requireDownloader(req: NextApiRequest, res: NextApiResponse): Promise<Context> {
  const { authorization = null } = req.headers;
  const attempt = "backup.download";
  return authorization === null ? requireContextFor(req, res, { role: "operator", attempt }) : authoriseToken(placeOf(req.headers["x-forwarded-for"]), authorization, { scope: "download", attempt });
}

function refuse(res: NextApiResponse, error: unknown): void {
  if (clientWentAway(error)) {
    log.debug("a download was left before its end");
    return;
  }
  const shown = toPublicError(error);
  if (shown.kind === "internal") log.error({ err: error }, "download failed");
  if (res.headersSent) {
    res.destroy();
    return;
  }
  for (const name of ["Content-Length", "Content-Range", "Content-Disposition", "Repr-Digest", "ETag", "Last-Modified"]) res.removeHeader(name);
  res.setHeader("Cache-Control", "no-store").status(httpStatus[shown.kind]).json({ error: shown });
}
