import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { reserveAttempt, throttleKey } from "@/lib/auth/throttle";
import { visitorContext } from "@/lib/auth/visitor";
import type { Clock } from "@/lib/clock";
import type { Actor, Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Db } from "@/lib/db/client";
import type { ApiToken, User } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { day } from "@/lib/format/times";
import { log } from "@/lib/log";
import { mayRestore, RoleColumn } from "@/lib/users/schemas";
import { tokenErrors } from "./errors";
import { tokenState, type TokenState } from "./list";
import { scopesBeyond } from "./reach";
import { recordRefusal } from "./refusal";
import { DatabaseIdsColumn, ScopesColumn } from "./schemas";
import { readToken, secretFits } from "./secret";

export interface Place {
  db: Db;
  clock: Clock;
  /** The address the request came from. */
  origin: string;
}
export type TokenContext = Context & { actor: Extract<Actor, { kind: "token" }> };

const seenEveryMs = 60_000;

/**
 * The context of whoever sends `Authorization: Bearer hf_…`. Its scopes are those that its maker may use at this moment. Throws
 * `token.missing`, `token.unknown`, `token.expired`, `token.revoked`, `token.maker_gone`, and `token.locked` after wrong ones from
 * the same address. Refusals are audit entries.
 */
export async function authenticateToken(place: Place, authorization: string | null): Promise<TokenContext> {
  const sent = bearer(authorization);
  if (sent === null) throw tokenErrors.missing({});
  await requireUnlocked(place);
  const parts = readToken(sent);
  const token = parts && (await place.db.apiToken.findUnique({ where: { start: parts.start }, include: { creator: true } }));
  if (!secretFits(token?.secretSha256 ?? null, parts?.secret ?? "") || !token) return refuseGuess(place);

  const ctx = contextOf(place, token);
  const state = tokenState(token, place.clock.now());
  if (state !== "live") {
    // Whoever sends it had it once: no guess, so that a forgotten script does not lock out the others at its address.
    await recordRefusal(ctx, `Refused the API token ${token.name}: it ${endWords[state]}`, { tokenId: token.id });
    throw ended(token, state);
  }
  await refreshLastUsed(place, token);
  return ctx;
}

const endWords = { expired: "has expired", revoked: "was revoked", maker_gone: "was made by somebody whose account is disabled" } as const satisfies Record<Exclude<TokenState, "live">, string>;

function bearer(authorization: string | null): string | null {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? null;
}

function ended(token: ApiToken, state: Exclude<TokenState, "live">) {
  if (state === "expired") return tokenErrors.expired({ name: token.name, at: day(token.expiresAt) });
  return state === "revoked" ? tokenErrors.revoked({ name: token.name }) : tokenErrors.maker_gone({ name: token.name, maker: token.createdBy });
}

function contextOf({ db, clock, origin }: Place, token: ApiToken & { creator: User | null }): TokenContext {
  const granted = readJson(ScopesColumn, token.scopes);
  const { creator } = token;
  const role = creator && RoleColumn.parse(creator.role);
  const beyond = creator && role ? scopesBeyond({ role, mayRestore: mayRestore({ role, granted: creator.mayRestore }) }, granted) : [];
  const scopes = granted.filter((scope) => !beyond.includes(scope));
  return { db, clock, actor: { kind: "token", id: token.id, name: token.name, scopes, databaseIds: readJson(DatabaseIdsColumn, token.databaseIds), origin } };
}

/** By address alone: a lock on a token would let anyone who knows its start stop the program that uses it. */
const keyOf = ({ origin }: Place) => `token-${throttleKey.address(origin)}`;

async function requireUnlocked(place: Place): Promise<void> {
  const row = await place.db.signInThrottle.findUnique({ where: { key: keyOf(place) } });
  const now = place.clock.now();
  if (row?.lockedUntil && row.lockedUntil > now) throw tokenErrors.locked({ retryInMs: row.lockedUntil.getTime() - now.getTime() });
}

/** Only what is wrong is counted, so that a right token costs no write; with 256 bits a few guesses at once gain nothing. */
async function refuseGuess(place: Place): Promise<never> {
  await transaction(place, async (tx) => {
    const attempt = await reserveAttempt(tx, place.clock, [keyOf(place)]);
    if (attempt.allowed) await recordAudit(tx, visitorContext(place), { action: "access.refused", outcome: "refused", sentence: "Refused an API token that is not known", after: { attempt: "token.use" } });
  });
  throw tokenErrors.unknown({});
}

/** "Last used" is a courtesy: a busy database must not turn it into a failed request. */
async function refreshLastUsed({ db, clock, origin }: Place, token: ApiToken): Promise<void> {
  const now = clock.now();
  const isFresh = token.lastUsedAt !== null && now.getTime() - token.lastUsedAt.getTime() < seenEveryMs && token.lastUsedFrom === origin;
  if (isFresh) return;
  try {
    await db.apiToken.update({ where: { id: token.id }, data: { lastUsedAt: now, lastUsedFrom: origin } });
  } catch (error) {
    log.warn({ err: error }, "could not refresh when a token was last used");
  }
}
