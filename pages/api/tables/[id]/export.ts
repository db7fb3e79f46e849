// A Pages route, because route handlers of the app directory lose Content-Length and cannot be left by a client quietly.
import type { NextApiRequest, NextApiResponse } from "next";
import { z } from "zod";
import { requireContextFor } from "@/lib/auth/context";
import { clientWentAway, sendFile } from "@/lib/download/send-file";
import { httpStatus, toPublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { openExport, recordExportDownload } from "@/lib/tables/open-export";

export const config = { api: { bodyParser: false, responseLimit: false, externalResolver: true } };

const Input = z.object({ id: z.string(), run: z.coerce.number().int().positive() });

export default async function handler(req: NextApiRequest, res: NextApiResponse): Promise<void> {
  if (req.method !== "GET" && req.method !== "HEAD") {
    res.setHeader("Allow", "GET, HEAD").status(405).json({ error: { code: "method", kind: "invalid", message: "An export can only be read here." } });
    return;
  }
  try {
    const ctx = await requireContextFor(req, res, { role: "operator", attempt: "tables.download", permission: "restore" });
    const input = Input.safeParse(req.query);
    if (!input.success) {
      res.status(400).json({ error: { code: "invalid", kind: "invalid", message: "Ask for one export by the number of its run." } });
      return;
    }
    const file = await openExport(ctx, input.data);
    try {
      await sendFile(req, res, file, () => recordExportDownload(ctx, file));
    } finally {
      await file.handle.close();
    }
  } catch (error) {
    if (clientWentAway(error)) return;
    const shown = toPublicError(error);
    if (shown.kind === "internal") log.error({ err: error }, "download failed");
    if (res.headersSent) res.destroy();
    else res.setHeader("Cache-Control", "no-store").status(httpStatus[shown.kind]).json({ error: shown });
  }
}
