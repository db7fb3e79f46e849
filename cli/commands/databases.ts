import type { Command } from "commander";
import { z } from "zod";
import { listDatabases } from "@/lib/databases/list";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { bytes } from "@/lib/format/bytes";
import { span } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import type { Act } from "../act";
import { checkAccess, checkLines } from "../check-access";
import { exitCodes } from "../exit-codes";
import { findDatabase } from "../find";
import { given } from "../given";
import { storeAt, usualStore } from "../register";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain, table } from "../text";

export function addDatabases(program: Command, act: Act): void {
  const group = program.command("databases").summary("the databases that are protected, and more of them").action(act.session(databases));
  group
    .command("add")
    .summary("protect another database")
    .description("Tests access to a database in a container the way a backup would use it, and registers it when nothing stands in the way.")
    .requiredOption("--container <name>", "the container it runs in")
    .requiredOption("--database <name>", "its name in PostgreSQL")
    .option("--role <name>", "the role that dumps", "postgres")
    .option("--dir <directory>", "where its backups go; the first store, or the usual directory, unless you say")
    .action(act.session(add));
  group.command("test").argument("[database]", "which one").summary("test access to one, line by line").action(act.session(test));
}

async function databases({ ctx }: Session): Promise<Done> {
  const all = await listDatabases(ctx);
  const data = all.map(({ id, name, container, databaseName, role, storeName, serverVersion, sizeBytes, objectiveRpoSeconds, objectiveRtoSeconds, options }) => ({ id, name, container, databaseName, role, store: storeName, serverVersion, sizeBytes, objectiveRpoSeconds, objectiveRtoSeconds, format: options.format }));
  const head = [{ title: "NAME" }, { title: "CONTAINER" }, { title: "DATABASE" }, { title: "ROLE" }, { title: "POSTGRESQL" }, { title: "SIZE", align: "right" as const }, { title: "TARGET", align: "right" as const }, { title: "STORE" }];
  const rows = all.map((one) => [one.name, one.container, one.databaseName, one.role, one.serverVersion ?? unknown, bytes(one.sizeBytes), span(one.objectiveRpoSeconds), one.storeName].map(plain));
  return { data: { databases: data }, text: all.length === 0 ? ["No database is registered yet. Add one: holdfast databases add --help"] : table(head, rows) };
}

const AddOptions = z.object({ container: z.string(), database: z.string(), role: z.string(), dir: z.string().optional() });

async function add(session: Session, flags: unknown): Promise<Done> {
  const { container, database, role, dir } = AddOptions.parse(flags);
  const store = dir === undefined ? await usualStore(session) : (await storeAt(session, dir)).store;
  const input = given(AddDatabaseInput, { container, databaseName: database, role, storeId: store.id });
  const check = await checkAccess(session, { container, databaseName: database, role, storeId: store.id });
  if (check.hasFailed) return { data: { added: false, check: check.lines }, text: [...checkLines(session.screen, check.lines), "It was not added."], exitCode: exitCodes.failed };
  const { databaseId } = await addDatabase(session.ctx, input);
  const { name } = await session.ctx.db.database.findUniqueOrThrow({ where: { id: databaseId } });
  return { data: { added: true, id: databaseId, name, store: store.name, check: check.lines }, text: [...checkLines(session.screen, check.lines), plain(`Added ${name}; its backups go to ${store.path}. The first one: holdfast backup`)] };
}

async function test(session: Session, name: string | undefined): Promise<Done> {
  const { id, container, databaseName, role, storeId } = await findDatabase(session, name);
  const check = await checkAccess(session, { container, databaseName, role, storeId, databaseId: id });
  return { data: { check: check.lines }, text: checkLines(session.screen, check.lines), exitCode: check.hasFailed ? exitCodes.failed : exitCodes.done };
}
