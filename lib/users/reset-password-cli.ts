// npm run reset-password -- email: the way back in for whoever can reach the host, when no admin can sign in.
import { existsSync } from "node:fs";
import os from "node:os";
import { z } from "zod";
import { makePassword } from "@/lib/auth/passwords";
import { systemClock } from "@/lib/clock";
import { openDatabase } from "@/lib/db/client";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { readSecret } from "./read-secret";
import { resetPasswordByEmail } from "./reset-password";
import { ResetPasswordByEmailInput } from "./schemas";

async function main(): Promise<void> {
  const [email, ...rest] = process.argv.slice(2);
  if (!email || email.startsWith("-") || rest.length > 0) {
    throw new Error("Say whose password to reset: npm run reset-password -- someone@example.com\nThe new password is asked for, never taken from the command line, where every process can read it.");
  }
  if (existsSync(".env")) process.loadEnvFile(".env");
  const { password, madeUp } = await choosePassword();
  const input = ResetPasswordByEmailInput.parse({ email, password });

  const db = openDatabase(env.databaseUrl);
  try {
    const user = os.userInfo().username;
    await resetPasswordByEmail({ db, clock: systemClock, actor: { kind: "cli", id: null, name: user, origin: os.hostname() } }, input);
  } finally {
    await db.$disconnect();
  }
  console.error(`${input.email} can sign in with the new password. Every session of theirs was signed out.`);
  if (madeUp) console.log(password);
}

/** Typed twice on a terminal; made up when nothing is typed, or when there is no terminal to ask on. */
async function choosePassword(): Promise<{ password: string; madeUp: boolean }> {
  const typed = process.stdin.isTTY ? await readSecret("New password (at least 12 characters; leave empty to have one made up): ") : "";
  if (typed === "") return { password: makePassword(), madeUp: true };
  if ((await readSecret("The same again: ")) !== typed) throw new Error("The two passwords differ. Nothing was changed.");
  return { password: typed, madeUp: false };
}

function sentence(error: unknown): string {
  if (error instanceof z.ZodError) return `${error.issues.map((issue) => issue.message).join(" ")} Nothing was changed.`;
  if (error instanceof AppError && error.code === "user.not_found") return "Nobody has an account with this email. Nothing was changed.";
  return error instanceof Error ? error.message : String(error);
}

try {
  await main();
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}
