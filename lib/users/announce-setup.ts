import "server-only";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { ensureSetupToken } from "./setup-token";

/** Prints where to make the first administrator, when there is none. Whoever can read this log is the owner. */
export async function announceSetup(): Promise<void> {
  try {
    const token = await ensureSetupToken(db);
    if (token) console.log(`\n  Nobody can sign in yet. Make yourself the administrator at:\n  ${new URL(`/setup?token=${token}`, env.baseUrl ?? `http://localhost:${env.publishedPort}`).toString()}\n`);
  } catch (error) {
    log.error({ err: error }, "could not make a setup token");
  }
}
