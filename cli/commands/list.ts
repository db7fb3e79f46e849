import { Option, type Command } from "commander";
import { z } from "zod";
import { listBackups, type BackupRow } from "@/lib/backup/list";
import { BackupsParams, proofFilters } from "@/lib/backup/search-params";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { shortTime } from "@/lib/format/times";
import type { Act } from "../act";
import { findDatabase, shownId } from "../find";
import { wholeNumber } from "../options";
import type { Done, Screen } from "../screen";
import type { Session } from "../session";
import { plain, table } from "../text";
import { trustWords } from "../words";

export function addList(program: Command, act: Act): void {
  program
    .command("list")
    .alias("ls")
    .argument("[database]", "only backups of this one")
    .summary("the backups there are, and how far each can be trusted")
    .description("The backups there are, newest first. How far a backup was checked: stored, intact (read back), readable (decoded), proven (restored by a drill).")
    .addOption(new Option("--proof <rung>", "only those checked as far as this, or with a problem").choices(proofFilters))
    .option("--limit <number>", "how many at most", wholeNumber(1, 10_000), 25)
    .action(act.session(list));
}

const Options = z.object({ proof: z.enum(proofFilters).optional(), limit: z.number() });

async function list(session: Session, name: string | undefined, flags: unknown): Promise<Done> {
  const { ctx, screen } = session;
  const { proof, limit } = Options.parse(flags);
  const database = name === undefined ? null : await findDatabase(session, name);
  const { rows, total } = await firstBackups(ctx, { database: database?.id, proof }, limit);
  const rest = total > rows.length ? [`${count(total - rows.length)} more: --limit ${total}`] : [];
  return { data: { total, backups: rows }, text: rows.length === 0 ? ["There is no such backup."] : [...linesOf(screen, rows), plain(`${plural(total, "backup")} in all.`), ...rest] };
}

/** The newest so many, page after page. */
export async function firstBackups(ctx: Session["ctx"], filter: { database?: string | undefined; proof?: string | undefined }, limit: number): Promise<{ rows: BackupRow[]; total: number }> {
  const rows: BackupRow[] = [];
  for (let page = 1; ; page += 1) {
    const found = await listBackups(ctx, BackupsParams.parse({ ...filter, page: String(page) }));
    rows.push(...found.rows);
    if (rows.length >= limit || page >= found.pages) return { rows: rows.slice(0, limit), total: found.total };
  }
}

function linesOf(screen: Screen, rows: readonly BackupRow[]): string[] {
  const head = [{ title: "ID" }, { title: "TAKEN (UTC)" }, { title: "DATABASE" }, { title: "PROOF" }, { title: "SIZE", align: "right" as const }, { title: "RECORDS", align: "right" as const }, { title: "STORE" }, { title: "LABEL" }];
  return table(head, rows.map((row) => [
    shownId(row.id),
    plain(shortTime(row.takenAt, new Date())),
    plain(row.databaseName),
    trustWords(screen, row.trust) + (row.partial ? ", partial" : ""),
    plain(bytes(row.sizeBytes)),
    plain(count(row.rows)),
    plain(row.copies.map(({ store }) => store).join(", ")),
    plain([row.label ?? "", row.keep ? "kept" : "", row.legalHold === null ? "" : "on hold"].filter(Boolean).join(", ")),
  ]));
}
