import { createWriteStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Option, type Command } from "commander";
import { z } from "zod";
import { exportAudit, recordExport } from "@/lib/audit/export";
import { AuditExportParams, auditRanges } from "@/lib/audit/search-params";
import { whyOf } from "@/lib/stores/errors";
import type { Act } from "../act";
import { cliErrors } from "../errors";
import { findDatabase } from "../find";
import type { Done } from "../screen";
import type { Session } from "../session";

export function addExportAudit(program: Command, act: Act): void {
  program
    .command("export-audit")
    .summary("the audit log as CSV or JSON")
    .description("Writes the audit log, newest first, to standard output or into a file. That it was exported is an entry of its own.")
    .addOption(new Option("--format <format>").choices(["csv", "json"]).default("csv"))
    .option("-o, --output <file>", "into this file, which must not be there yet")
    .option("--database <name>", "only entries about this one")
    .addOption(new Option("--range <range>", "only the last day, week, month, quarter or year").choices(auditRanges))
    .action(act.session(exportLog));
}

const Options = z.object({ format: z.enum(["csv", "json"]), output: z.string().optional(), database: z.string().optional(), range: z.enum(auditRanges).optional() });

async function exportLog(session: Session, flags: unknown): Promise<Done> {
  const { ctx, screen, home } = session;
  const { output, database: name, ...rest } = Options.parse(flags);
  if (screen.isJson && output === undefined) throw cliErrors.usage({ message: "With --json the log goes into a file: --output FILE. The log itself as JSON: --format json." });
  const database = name === undefined ? null : await findDatabase(session, name);
  const params = AuditExportParams.parse({ ...rest, database: database?.id });
  await recordExport(ctx, params);
  const { body } = exportAudit(ctx, params);
  const from = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  if (output === undefined) {
    for await (const chunk of from as AsyncIterable<Uint8Array>) await screen.pour(chunk);
    return { data: null, text: [] };
  }
  const file = path.resolve(home.startedIn, output);
  await pipeline(from, createWriteStream(file, { flags: "wx", mode: 0o600 })).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw cliErrors.file_exists({ path: file });
    throw cliErrors.not_written({ path: file, why: whyOf(error) }, { cause: error });
  });
  return { data: { file, format: params.format }, text: [file] };
}
