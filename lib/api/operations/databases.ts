import "server-only";
import { databaseErrors } from "@/lib/databases/errors";
import { findDatabase, listDatabases } from "@/lib/databases/list";
import { toJson } from "@/lib/monitoring/answer-health";
import { readHealth } from "@/lib/monitoring/read-health";
import { unreadyReasons } from "@/lib/monitoring/readiness";
import { reaches } from "@/lib/tokens/reaches";
import { DatabaseAnswer, Databases, Status } from "../answers";
import { DatabaseId, Nothing } from "../inputs";
import { operation } from "../operation";

export const readStatus = operation(
  { attempt: "status.read", method: "GET", path: "/status", summary: "Every database: its state, the age of its newest good backup, and why it is not within its target", scope: "read", input: Nothing, answer: Status },
  async (ctx) => {
    const [health, unready] = await Promise.all([readHealth(ctx), unreadyReasons(ctx)]);
    const databases = health.filter(({ id }) => reaches(ctx.actor, id));
    return { at: ctx.clock.now().toISOString(), healthy: databases.length > 0 && databases.every((one) => one.healthy), ready: unready.length === 0, unready, databases: databases.map(toJson) };
  },
);

export const getDatabases = operation(
  { attempt: "database.list", method: "GET", path: "/databases", summary: "The protected databases this token reaches, by name", scope: "read", input: Nothing, answer: Databases },
  async (ctx) => ({ rows: (await listDatabases(ctx)).filter(({ id }) => reaches(ctx.actor, id)) }),
);

export const getDatabase = operation(
  { attempt: "database.read", method: "GET", path: "/databases/{databaseId}", summary: "One database with its options and targets", scope: "read", input: DatabaseId, answer: DatabaseAnswer },
  async (ctx, { databaseId }) => {
    const database = await findDatabase(ctx, databaseId);
    if (!database) throw databaseErrors.not_found({});
    return database;
  },
);
