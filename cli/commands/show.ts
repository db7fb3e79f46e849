import { Option, type Command } from "commander";
import { rungWords } from "@/components/proof/rungs";
import { readBackup, type BackupView } from "@/lib/backup/read";
import { rungs } from "@/lib/backup/schemas";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { fullTime } from "@/lib/format/times";
import { byWhom } from "@/lib/backup/initiators";
import { z } from "zod";
import type { Act } from "../act";
import { cliErrors } from "../errors";
import { findBackup } from "../find";
import { wholeNumber } from "../options";
import type { Done, Screen } from "../screen";
import type { Session } from "../session";
import { plain, table } from "../text";
import { trustWords } from "../words";

export function addShow(program: Command, act: Act): void {
  program
    .command("show")
    .argument("<backup>", "latest, an id or the start of one, or a file's name")
    .summary("one backup: proof, copies, tables")
    .addOption(new Option("--database <name>", "which database's latest"))
    .option("--tables <number>", "how many tables to list", wholeNumber(0, 100_000), 10)
    .action(act.session(show));
}

const Options = z.object({ database: z.string().optional(), tables: z.number() });

async function show(session: Session, wanted: string, flags: unknown): Promise<Done> {
  const options = Options.parse(flags);
  const found = await readBackup(session.ctx, (await findBackup(session, wanted, options.database)).id);
  if (found?.state !== "listed") throw cliErrors.no_backup({ wanted, database: options.database ?? null });
  const { moments: _, deletion: __, ...backup } = found.backup;
  return { data: backup, text: textOf(session.screen, found.backup, options.tables) };
}

function textOf(screen: Screen, backup: BackupView, many: number): string[] {
  const facts: [string, string][] = [
    ["Backup", backup.id],
    ["Database", backup.databaseName + (backup.container ? ` in ${backup.container}` : "")],
    ["Taken", `${fullTime(backup.takenAt)}, ${byWhom(backup.kind, backup.by)}`],
    ["Label", [backup.label ?? "", backup.note ?? ""].filter(Boolean).join(": ")],
    ["Kept", [backup.keep ? "until somebody removes it" : "", backup.legalHold === null ? "" : `on legal hold: ${backup.legalHold}`].filter(Boolean).join(", ")],
    ["Size", `${bytes(backup.sizeBytes)}, ${backup.format}${backup.partial ? ", partial" : ""}; the database had ${bytes(backup.databaseBytes)}`],
    ["Records", `${count(backup.rows)} in ${backup.tables === null ? "an unknown number of tables" : plural(backup.tables, "table")}`],
    ["Server", [backup.serverVersion ? `PostgreSQL ${backup.serverVersion}` : "", backup.toolVersion ?? ""].filter(Boolean).join(", ")],
  ];
  const trust = `Trust     ${trustWords(screen, backup.trust)}`;
  const problem = backup.trust.state === "damaged" || backup.trust.state === "missing" ? [plain(`          ${backup.trust.message}`)] : [];
  return [
    ...facts.filter(([, value]) => value !== "").map(([name, value]) => plain(`${name.padEnd(10)}${value}`)),
    trust,
    ...problem,
    "",
    ...rungs.map((rung) => plain(`  ${rungWords[rung].padEnd(9)} ${backup.proof[rung].at ? fullTime(backup.proof[rung].at) : "not yet"}${backup.proof[rung].what ? `, ${backup.proof[rung].what}` : ""}`)),
    "",
    ...backup.copyList.flatMap((copy) => [plain(`  ${copy.store}: ${copy.key}${copy.missingAt ? ", missing" : copy.problem ? ", damaged" : ""}`), ...(copy.sha256 ? [`    SHA-256 ${copy.sha256}`] : [])]),
    ...tablesOf(backup, many),
  ];
}

function tablesOf({ manifest }: BackupView, many: number): string[] {
  const tables = (manifest?.tables ?? []).filter(({ kind }) => kind === "table").sort((a, b) => (b.rows ?? -1) - (a.rows ?? -1));
  const rows = tables.slice(0, many).map((one) => [plain(`  ${one.schema}.${one.name}`), plain(one.excluded === "no" ? count(one.rows) : "left out"), plain(bytes(one.sizeBytes))]);
  const rest = tables.length > many && many > 0 ? [`  ${count(tables.length - many)} more: --tables ${tables.length}`] : [];
  return rows.length === 0 ? [] : ["", ...table([{ title: "  TABLE" }, { title: "RECORDS", align: "right" }, { title: "SIZE", align: "right" }], rows), ...rest];
}
