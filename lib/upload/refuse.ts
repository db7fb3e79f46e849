import { setTimeout as sleep } from "node:timers/promises";
import type { NextApiRequest, NextApiResponse } from "next";

/** How long the rest of a refused body is still taken and thrown away: a browser reads the answer only once it could send. */
const lingerMs = 3_000;

/** Answers a request whose body may still be on its way, and lets go of the connection. */
export async function refuseBody(req: NextApiRequest, res: NextApiResponse, status: number, error: object): Promise<void> {
  res.setHeader("Cache-Control", "no-store").setHeader("Connection", "close").status(status).json({ error });
  req.on("error", () => undefined);
  req.resume();
  const ended = new Promise<void>((resolve) => {
    req.once("end", resolve);
    req.once("close", resolve);
  });
  if (!req.complete) await Promise.race([ended, sleep(lingerMs)]);
  if (!req.complete) req.destroy();
}
