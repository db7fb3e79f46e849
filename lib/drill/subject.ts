import "server-only";
import { bestCopy } from "@/lib/backup/best-copy";
import { backupErrors } from "@/lib/backup/errors";
import { readFileName } from "@/lib/backup/names";
import type { Evidence } from "@/lib/backup/proof";
import { Manifest } from "@/lib/backup/schemas";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { Backup, Copy, Database, Store } from "@/lib/db/generated/client";
import { inspectContainer } from "@/lib/docker/containers";
import type { Engine } from "@/lib/docker/engine";
import { inspectImage } from "@/lib/docker/labelled";
import type { StoredArchive } from "@/lib/postgres/load";
import type { ServerSettings } from "@/lib/postgres/schemas";
import { connect } from "@/lib/postgres/server";
import { readServerSettings } from "@/lib/postgres/settings";
import { readStored } from "@/lib/stores/local";
import { drillErrors } from "./errors";

/** A backup to be drilled, with everything that is on record about it. */
export interface Subject {
  backup: Backup;
  database: Database | null;
  manifest: Manifest;
  copy: Copy & { store: Store };
  evidence: Evidence;
  archive: StoredArchive;
}

/** Reads a backup that can be drilled. Throws `backup.not_found`, `backup.not_present`, `drill.foreign`. */
export async function readSubject({ db }: Pick<Context, "db">, backupId: string | null): Promise<Subject> {
  const found = await db.backup.findUnique({
    where: { id: backupId ?? "", deletedAt: null },
    include: { copies: { where: { store: { removedAt: null } }, include: { store: true }, orderBy: { storedAt: "asc" } }, manifest: true, database: true },
  });
  if (!found) throw backupErrors.not_found({});
  const { copies, manifest: row, database, ...backup } = found;
  const manifest = readJson(Manifest, row?.content ?? null);
  if (!manifest) throw drillErrors.foreign({});
  const copy = bestCopy(copies) ?? copies[0];
  if (!copy) throw backupErrors.not_present({});
  const named = readFileName(copy.key);
  if (!named) throw backupErrors.not_a_backup({ key: copy.key });
  if (!copy.sha256) throw drillErrors.foreign({});
  return {
    backup,
    database,
    manifest,
    copy,
    evidence: {
      store: copy.store,
      key: copy.key,
      expected: { sha256: copy.sha256, sizeBytes: toNumber(copy.sizeBytes) },
      manifest,
      roles: copy.rolesKey && copy.rolesSha256 ? { key: copy.rolesKey, sha256: copy.rolesSha256 } : null,
    },
    archive: { format: named.format, unpack: named.unpack, open: async () => (await readStored(copy.store, copy.key)).stream },
  };
}

/**
 * The image to make the scratch server of: the very one that the database's container runs, when it is still called what it was at the
 * time of the backup; else the one of that name; else the container's, when it is of the same major version.
 */
export async function chooseImage(engine: Engine, { manifest, database }: Pick<Subject, "manifest" | "database">): Promise<string> {
  const wanted = manifest.server.image;
  const container = database ? await inspectContainer(engine, database.container).catch(() => null) : null;
  if (container && container.image === wanted) return container.imageId;
  if (wanted && (await inspectImage(engine, wanted))) return wanted;
  const major = (version: string | null | undefined) => version?.split(".")[0];
  if (container && major(database?.serverVersion) === major(manifest.server.version)) return container.imageId;
  // Its absence is said by whoever tries to use it.
  return wanted ?? "an image whose name is not on record";
}

/** Libraries that have to be loaded at the start for their extension to be created at all. */
const loadedAtStart = ["timescaledb", "pg_cron", "citus", "pg_squeeze", "pgaudit", "pg_partman_bgw"];

/**
 * What the scratch server has to be like: as the backup says; an older backup does not, so the live server is asked, and where it does
 * not answer the manifest's own facts have to do.
 */
export async function settingsFor(engine: Engine, { manifest, database }: Pick<Subject, "manifest" | "database">, signal: AbortSignal): Promise<ServerSettings> {
  const known = manifest.settings ?? (await liveSettings(engine, database, signal));
  const { encoding, collation, characterType } = manifest.database;
  const base = known ?? { preload: "", sessionPreload: "", settings: {}, provider: "c" as const, locale: null, icuRules: null };
  // A role that may not see the libraries leaves them unknown.
  const needed = manifest.extensions.map(({ name }) => name).filter((name) => loadedAtStart.includes(name));
  const libraries = base.preload === "" ? needed.join(",") : base.preload;
  return { ...base, encoding, collation, characterType, preload: libraries };
}

async function liveSettings(engine: Engine, database: Database | null, signal: AbortSignal): Promise<ServerSettings | null> {
  if (!database) return null;
  try {
    const server = await connect(engine, { container: database.container, role: database.role, database: database.databaseName }, {}, signal);
    return await readServerSettings(server, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}
