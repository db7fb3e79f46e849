import "server-only";
import { bestCopy } from "@/lib/backup/best-copy";
import { backupErrors } from "@/lib/backup/errors";
import { readFileName } from "@/lib/backup/names";
import { Manifest } from "@/lib/backup/schemas";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Backup, Copy, Database, Store } from "@/lib/db/generated/client";
import type { StoredArchive } from "@/lib/postgres/load";
import type { ServerSettings } from "@/lib/postgres/schemas";
import { readStored } from "@/lib/stores/local";
import { convertErrors } from "./errors";

/** A backup's file where it can be read. */
export interface Source {
  backup: Backup & { database: Database | null };
  copy: Copy & { store: Store };
  archive: StoredArchive;
}

/** A backup with a file that is there, its own or foreign. Throws `backup.not_found`, `backup.not_present`, `backup.not_a_backup`. */
export async function readSource({ db }: Pick<Context, "db">, backupId: string): Promise<Source> {
  const found = await db.backup.findUnique({
    where: { id: backupId, deletedAt: null },
    include: { copies: { include: { store: true }, orderBy: { storedAt: "asc" } }, database: true },
  });
  if (!found) throw backupErrors.not_found({});
  const { copies, ...backup } = found;
  const copy = bestCopy(copies);
  if (!copy) throw backupErrors.not_present({});
  const named = readFileName(copy.key);
  if (!named) throw backupErrors.not_a_backup({ key: copy.key });
  const open = async () => (await readStored(copy.store, copy.key)).stream;
  return { backup, copy, archive: { format: named.format, unpack: named.unpack, open } };
}

/** The same, of a file that Holdfast did not make. Throws `convert.not_foreign`. */
export async function readForeign(ctx: Pick<Context, "db">, backupId: string): Promise<Source> {
  const source = await readSource(ctx, backupId);
  if (source.backup.origin !== "foreign") throw convertErrors.not_foreign({});
  return source;
}

/** A registered database whose server's image is known. Throws `convert.no_image`. */
export async function imageFor({ db }: Pick<Context, "db">, databaseId: string | null): Promise<{ image: string; database: Database }> {
  const database = await db.database.findFirst({
    where: { removedAt: null, image: { not: null }, ...(databaseId ? { id: databaseId } : {}) },
    // With none named: the newest server reads what the older ones wrote.
    orderBy: { serverVersion: "desc" },
  });
  if (!database?.image) throw convertErrors.no_image({});
  return { image: database.image, database };
}

/** The locale of a database as its newest backup says it. The live server is not asked. */
export async function localeOf({ db }: Pick<Context, "db">, databaseId: string): Promise<ServerSettings | undefined> {
  const newest = await db.backup.findFirst({ where: { databaseId, origin: "holdfast", deletedAt: null }, orderBy: { takenAt: "desc" }, include: { manifest: true } });
  const manifest = readJson(Manifest, newest?.manifest?.content ?? null);
  if (!manifest) return undefined;
  const { encoding, collation, characterType } = manifest.database;
  return { preload: "", sessionPreload: "", settings: {}, encoding, provider: "c", collation, characterType, locale: null, icuRules: null };
}
