import { readFileSync } from "node:fs";
import path from "node:path";
import { Command, CommanderError } from "commander";
import { z } from "zod";
import { toPublicError } from "@/lib/errors";
import { Act, type Surroundings } from "./act";
import { addBackup } from "./commands/backup";
import { addCancel } from "./commands/cancel";
import { addDatabases } from "./commands/databases";
import { addDoctor } from "./commands/doctor";
import { addDownload } from "./commands/download";
import { addDrill } from "./commands/drill";
import { addExportAudit } from "./commands/export-audit";
import { addList } from "./commands/list";
import { addPath } from "./commands/path";
import { addProcedure } from "./commands/procedure";
import { addPrune } from "./commands/prune";
import { addRescan } from "./commands/rescan";
import { addRestore } from "./commands/restore";
import { addRuns } from "./commands/runs";
import { addSchedule } from "./commands/schedule";
import { addShow } from "./commands/show";
import { addStatus } from "./commands/status";
import { addUndo } from "./commands/undo";
import { addVerify } from "./commands/verify";
import { cliErrors } from "./errors";
import { exitCodes, type ExitCode } from "./exit-codes";
import { Screen } from "./screen";
import { usageOf } from "./usage";

/** In the order of `holdfast --help`. */
const commands = [addStatus, addBackup, addRestore, addUndo, addList, addShow, addVerify, addDrill, addPrune, addSchedule, addDatabases, addRuns, addCancel, addRescan, addDownload, addPath, addExportAudit, addDoctor, addProcedure];

/** Runs a command line (without `node` and the script) and returns its exit code. Never throws. */
export async function runCommandLine(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  const { streams } = around;
  const act = new Act(around);
  // With --json a mistake in the command line is JSON too, so commander's own sentence waits until it is known.
  const said: string[] = [];
  const program = new Command("holdfast")
    .description("Backs up PostgreSQL databases running in Docker, proves that each backup restores, and keeps the record.")
    .version(versionOf(around.home.root), "-V, --version")
    .option("--json", "answer in JSON, errors too")
    .option("-q, --quiet", "only the result and warnings, as without a terminal")
    .option("-v, --verbose", "the log of the run, and codes of errors");
  // Before the commands are added: they take these settings over.
  program.exitOverride().configureOutput({ writeOut: (text) => void streams.stdout.write(text), writeErr: (text) => void said.push(text) }).helpCommand(false);
  for (const add of commands) add(program, act);
  try {
    await program.parseAsync(argv, { from: "user" });
    return act.ended;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    // Without a command commander shows the help, as an error.
    const isHelp = error.code === "commander.help";
    if (isHelp && !argv.includes("--json")) {
      streams.stderr.write(said.join(""));
      return exitCodes.usage;
    }
    const message = isHelp ? "No command was given." : error.message.replace(/^error: /, "").replace(/^./, (first) => first.toUpperCase()).replace(/([^.])$/, "$1.");
    return new Screen(streams, argv.find((word) => !word.startsWith("-")) ?? "", { json: argv.includes("--json") }).fail(toPublicError(cliErrors.usage({ message, usage: usageOf(program, argv) })), exitCodes.usage);
  }
}

function versionOf(root: string): string {
  const text = readFileSync(path.join(root, "package.json"), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
