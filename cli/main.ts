#!/usr/bin/env node
// holdfast: the command line, a third thin edge beside pages and API over the same functions (docs/command-line.md).
import { toPublicError } from "@/lib/errors";
import { exitCodeOfKind } from "./exit-codes";
import { enterHome } from "./home";
import { Screen } from "./screen";

// `holdfast list | head -1`: whoever read has gone, which is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  const home = enterHome();
  // Only now: what is loaded with it reads the environment that was just completed.
  const [{ runCommandLine }, { surroundingsOf }] = await Promise.all([import("./program"), import("./act")]);
  process.exitCode = await runCommandLine(process.argv.slice(2), surroundingsOf(home));
} catch (error) {
  const shown = toPublicError(error);
  const said = shown.kind === "internal" && error instanceof Error ? { ...shown, message: error.message } : shown;
  process.exitCode = new Screen({ stdout: process.stdout, stderr: process.stderr, env: process.env }, "", { json: process.argv.includes("--json") }).fail(said, exitCodeOfKind[said.kind]);
}
