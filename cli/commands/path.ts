import { Option, type Command } from "commander";
import { z } from "zod";
import type { Backup, Copy, Store } from "@/lib/db/generated/client";
import { downloadErrors } from "@/lib/download/errors";
import { isStored, pathOf } from "@/lib/stores/local";
import type { Act } from "../act";
import { findBackup } from "../find";
import type { Done } from "../screen";
import type { Session } from "../session";

export function addPath(program: Command, act: Act): void {
  program
    .command("path")
    .argument("<backup>", "latest, an id or the start of one, or a file's name")
    .summary("where the file of a backup lies")
    .description("Prints the path of a backup's file, for other tools: gzip -t \"$(holdfast path latest)\"")
    .addOption(new Option("--database <name>", "which database's latest"))
    .action(act.session(path));
}

const Options = z.object({ database: z.string().optional() });

async function path(session: Session, wanted: string, flags: unknown): Promise<Done> {
  const { database: name } = Options.parse(flags);
  const { file, backup } = await fileOf(session, await findBackup(session, wanted, name));
  return { data: { backup: backup.id, file }, text: [file] };
}

export interface BackupFile {
  backup: Backup;
  copy: Copy & { store: Store };
  file: string;
}

/** The first copy whose file is there. Throws `download.file_missing`. */
export async function fileOf({ ctx }: Session, backup: Backup): Promise<BackupFile> {
  const copies = await ctx.db.copy.findMany({ where: { backupId: backup.id }, include: { store: true }, orderBy: { storedAt: "asc" } });
  for (const copy of copies) {
    if (await isStored(copy.store, copy.key)) return { backup, copy, file: pathOf(copy.store, copy.key) };
  }
  throw downloadErrors.file_missing({ key: copies[0]?.key ?? "The file", stores: copies.map(({ store }) => store.name) });
}
