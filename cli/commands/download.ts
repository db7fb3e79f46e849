import { createWriteStream, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { Option, type Command } from "commander";
import { z } from "zod";
import { backupErrors } from "@/lib/backup/errors";
import { openBackupFile } from "@/lib/download/open-backup-file";
import { recordDownload } from "@/lib/download/record-download";
import { downloadParts } from "@/lib/download/schemas";
import { bytes } from "@/lib/format/bytes";
import { countBytes, sha256 } from "@/lib/pipeline/observe";
import { whyOf } from "@/lib/stores/errors";
import type { Act } from "../act";
import { cliErrors } from "../errors";
import { findBackup } from "../find";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";

export function addDownload(program: Command, act: Act): void {
  program
    .command("download")
    .argument("<backup>", "latest, an id or the start of one, or a file's name")
    .argument("[target]", "the file or directory to write; here, under its own name, unless you say")
    .summary("copy a backup's file out of its store, compared on the way")
    .addOption(new Option("--part <part>", "the file itself, its roles, or its description").choices(downloadParts).default("backup"))
    .addOption(new Option("--database <name>", "which database's latest"))
    .action(act.session(download));
}

const Options = z.object({ part: z.enum(downloadParts), database: z.string().optional() });

async function download(session: Session, wanted: string, target: string | undefined, flags: unknown): Promise<Done> {
  const { ctx, screen } = session;
  const { part, database: name } = Options.parse(flags);
  const { id } = await findBackup(session, wanted, name);
  const file = await openBackupFile(ctx, { id, part });
  try {
    const to = placeOf(session, target, file.fileName);
    await recordDownload(ctx, file, 0);
    const stages = { bytes: countBytes((total) => screen.live(plain(`${file.fileName}  ${bytes(total)} of ${bytes(file.sizeBytes)}`))), sha256: sha256() };
    await pipeline(file.handle.createReadStream({ autoClose: false }), stages.bytes.stream, stages.sha256.stream, createWriteStream(to, { flags: "wx", mode: 0o640 })).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw cliErrors.file_exists({ path: to });
      throw cliErrors.not_written({ path: to, why: whyOf(error) }, { cause: error });
    });
    const found = stages.sha256.result();
    if (file.sha256 !== null && found !== file.sha256) {
      await rm(to, { force: true });
      throw backupErrors.changed({ key: file.fileName, store: "its store", expected: file.sha256, found });
    }
    return { data: { backup: id, file: to, sizeBytes: stages.bytes.result(), sha256: found, isCompared: file.sha256 !== null }, text: [plain(to), plain(`${bytes(stages.bytes.result())}, SHA-256 ${found}${file.sha256 === null ? "" : ", as it was stored"}`)] };
  } finally {
    await file.handle.close();
  }
}

function placeOf({ home }: Session, target: string | undefined, fileName: string): string {
  const to = path.resolve(home.startedIn, target ?? ".");
  return statSync(to, { throwIfNoEntry: false })?.isDirectory() ? path.join(to, fileName) : to;
}
