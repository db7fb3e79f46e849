import path from "node:path";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { saveApplication } from "@/lib/databases/application";
import { Application } from "@/lib/restore/schemas";
import type { Database, Store } from "@/lib/db/generated/client";
import { startRescanStore } from "@/lib/stores/manage";
import { listStored } from "@/lib/stores/listing";
import { checkAccess } from "../check-access";
import { cliErrors } from "../errors";
import { given } from "../given";
import { perform } from "../perform";
import { storeAt, usualStore } from "../register";
import type { Session } from "../session";
import { plain } from "../text";
import { keepDays } from "./retention";
import type { ProcedureSettings } from "./settings";
import type { Transcript } from "./transcript";

/** The names that the procedures are written with. */
const usual = { container: "bimcalc-postgres", databaseName: "bimcalc", role: "bimcalc" };
/** RETENTION_DAYS of the procedures' script. */
const usualDays = 30;

export type ProcedureDatabase = Database & { store: Store };

/**
 * The database that the procedures mean: what the variables name, else the only one there is. One that is not registered yet is
 * registered when it can be found. Throws `cli.which_database` and `cli.not_ready`.
 */
export async function procedureDatabase(session: Session, settings: ProcedureSettings, transcript: Transcript): Promise<ProcedureDatabase> {
  const all = await session.ctx.db.database.findMany({ where: { removedAt: null }, include: { store: true }, orderBy: { name: "asc" } });
  const { container, databaseName } = settings;
  const fitting = all.filter((one) => (container === null || one.container === container) && (databaseName === null || one.databaseName === databaseName));
  const [only] = fitting;
  if (fitting.length > 1) throw cliErrors.which_database({ names: fitting.map(({ name }) => name) });
  return only ?? register(session, settings, transcript);
}

async function register(session: Session, settings: ProcedureSettings, transcript: Transcript): Promise<ProcedureDatabase> {
  const { ctx } = session;
  const container = settings.container ?? usual.container;
  const databaseName = settings.databaseName ?? usual.databaseName;
  const role = settings.role ?? (settings.databaseName === null ? usual.role : "postgres");
  const store = settings.directory === null ? await usualStore(session) : await procedureStore(session, settings.directory, transcript);
  await requireReady(session, { container, databaseName, role, storeId: store.id, databaseId: null });
  const { databaseId } = await addDatabase(ctx, given(AddDatabaseInput, { container, databaseName, role, storeId: store.id }));
  const database = await ctx.db.database.findUniqueOrThrow({ where: { id: databaseId }, include: { store: true } });
  await keepDays(session, database, settings.retentionDays ?? usualDays);
  if (settings.applicationContainer !== null) await saveApplication(ctx, { databaseId, application: given(Application, { containers: [settings.applicationContainer] }) });
  transcript.say(plain(`📝 ${database.name} in ${container} was not known to Holdfast. It is registered now; its backups go to ${store.path}.`));
  transcript.say();
  return database;
}

/** The store that is this directory. Files that lie in a new one already are taken into the list. */
export async function procedureStore(session: Session, directory: string, transcript: Transcript): Promise<Store> {
  const { store, isNew } = await storeAt(session, directory);
  if (!isNew) return store;
  transcript.say(plain(`📝 ${path.resolve(store.path)} is a new store of Holdfast, named ${store.name}.`));
  const { files } = await listStored(store);
  if (files.length > 0) await perform(session, () => startRescanStore(session.ctx, { storeId: store.id }), { steps: false });
  return store;
}

/** Tests access as a backup would use it. Throws `cli.not_ready` with the first thing that stands in the way. */
export async function requireReady(session: Session, address: Parameters<typeof checkAccess>[1]): Promise<number | null> {
  const { lines, facts } = await checkAccess(session, address);
  const failed = lines.find(({ outcome }) => outcome === "failed");
  if (!failed) return facts.sizeBytes;
  const what = failed.id === "container" ? "PostgreSQL container is not running" : failed.title;
  throw cliErrors.not_ready({ what, detail: failed.detail, hint: failed.hint ?? null });
}
