import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { DatabaseIdsColumn, ScopesColumn, type Scope } from "./schemas";

export const tokenStates = ["live", "expired", "revoked", "maker_gone"] as const;
export type TokenState = (typeof tokenStates)[number];

/** A token as the settings show it: everything but its secret, which nobody has. */
export interface ListedToken {
  id: string;
  name: string;
  start: string;
  scopes: Scope[];
  /** Names of the only databases it reaches; null: all. */
  databases: string[] | null;
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  lastUsedAt: string | null;
  lastUsedFrom: string | null;
  state: TokenState;
}

const keptMs = 30 * 86_400_000;

/** Tokens that work, by name, then those that ended in the last thirty days. */
export async function listTokens({ db, clock }: Pick<Context, "db" | "clock">): Promise<ListedToken[]> {
  const now = clock.now();
  const since = new Date(now.getTime() - keptMs);
  const [rows, databases] = await Promise.all([
    db.apiToken.findMany({ where: { expiresAt: { gt: since }, OR: [{ revokedAt: null }, { revokedAt: { gt: since } }] }, include: { creator: { select: { disabledAt: true } } }, orderBy: [{ name: "asc" }, { createdAt: "desc" }] }),
    db.database.findMany({ select: { id: true, name: true } }),
  ]);
  const names = new Map(databases.map(({ id, name }) => [id, name]));
  return rows
    .map((row) => ({
      id: row.id,
      name: row.name,
      start: row.start,
      scopes: readJson(ScopesColumn, row.scopes),
      databases: readJson(DatabaseIdsColumn, row.databaseIds)?.map((id) => names.get(id) ?? "a database that is gone") ?? null,
      createdAt: row.createdAt.toISOString(),
      createdBy: row.createdBy,
      expiresAt: row.expiresAt.toISOString(),
      lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
      lastUsedFrom: row.lastUsedFrom,
      state: tokenState(row, now),
    }))
    .sort((a, b) => Number(a.state !== "live") - Number(b.state !== "live"));
}

/** Whether a token counts now, and why not. */
export function tokenState(token: { revokedAt: Date | null; expiresAt: Date; creator: { disabledAt: Date | null } | null }, now: Date): TokenState {
  if (token.revokedAt) return "revoked";
  if (token.expiresAt <= now) return "expired";
  return token.creator?.disabledAt ? "maker_gone" : "live";
}
