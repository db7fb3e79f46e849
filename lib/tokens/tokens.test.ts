import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "@/lib/context";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { changeRole } from "@/lib/users/change-role";
import { disableUser } from "@/lib/users/disable-user";
import { authenticateToken } from "./authenticate";
import { authoriseToken } from "./authorise";
import { createToken } from "./create";
import { listTokens } from "./list";
import { reaches } from "./reaches";
import { revokeToken } from "./revoke";
import { CreateTokenInput, type Scope } from "./schemas";
import { makeToken } from "./secret";

let test: TestDatabase;
let admin: Context;
beforeEach(async () => {
  test = await testDatabase();
  admin = await test.as("admin");
});
afterEach(() => test.close());

const here = () => ({ db: test.db, clock: test.clock, origin: "192.0.2.77" });
const make = (more: Partial<{ name: string; scopes: Scope[]; days: number; databaseIds: string[] | null }> = {}, by = admin) =>
  createToken(by, CreateTokenInput.parse({ name: "prometheus", scopes: ["metrics"], days: 90, ...more }));
const use = (token: string, origin = "192.0.2.77") => authenticateToken({ ...here(), origin }, `Bearer ${token}`);
const refusals = async () => (await test.db.auditEntry.findMany({ where: { action: "access.refused" }, orderBy: { id: "asc" } })).map(({ actorKind, actorName, sentence }) => `${actorKind} ${actorName}: ${sentence}`);

describe("createToken", () => {
  it("shows the token once and keeps only the hash of its secret", async () => {
    const { token, tokenId, expiresAt } = await make({ scopes: ["read", "metrics"] });
    expect(token).toMatch(/^hf_[A-Za-z0-9]{10}_[A-Za-z0-9]{43}$/);
    expect(expiresAt).toBe("2026-12-21T09:14:00.000Z");
    const secret = token.split("_")[2] ?? "";
    const kept = JSON.stringify([await test.db.apiToken.findMany(), await test.db.auditEntry.findMany()]);
    expect(kept).not.toContain(secret);
    expect(kept).toContain(token.split("_", 2).join("_"));
    expect(await listTokens(test)).toMatchObject([{ id: tokenId, name: "prometheus", scopes: ["metrics", "read"], databases: null, state: "live", createdBy: "The admin", lastUsedAt: null }]);
    expect(await test.db.auditEntry.findMany()).toMatchObject([{ action: "token.created", sentence: "Made the API token prometheus: metrics, read" }]);
  });

  it("gives no token scopes that its maker could not use", async () => {
    const operator = await test.as("operator");
    await expect(make({ scopes: ["backup", "restore"] }, operator)).rejects.toMatchObject({ code: "token.beyond_maker", details: { scopes: ["restore"] } });
    await expect(make({ scopes: ["manage"] }, operator)).rejects.toMatchObject({ code: "token.beyond_maker" });
    await make({ scopes: ["backup", "restore"] }, { ...operator, actor: { ...operator.actor, mayRestore: true } });
    expect(await test.db.apiToken.count()).toBe(1);
    expect(await refusals()).toEqual(Array(2).fill("user The operator: Refused to make the token prometheus: its scopes reach further than its maker may"));
  });

  it("lets no two working tokens share a name, and takes it again once the first is revoked", async () => {
    const { tokenId } = await make();
    await expect(make()).rejects.toMatchObject({ code: "token.name_taken" });
    await revokeToken(admin, { tokenId });
    await make();
    expect((await listTokens(test)).map(({ state }) => state)).toEqual(["live", "revoked"]);
  });

  it.each([
    [{ days: 366 }], [{ days: 0 }], [{ days: 1.5 }], [{ days: Number.NaN }], [{ scopes: [] }], [{ name: " " }], [{ databaseIds: [] }],
  ])("refuses %j", (wrong) => expect(CreateTokenInput.safeParse({ name: "x", scopes: ["read"], days: 30, ...wrong }).success).toBe(false));
});

describe("authenticateToken", () => {
  it("knows a token by its secret, and when it was last used from where, at most once a minute", async () => {
    const { token, tokenId } = await make({ scopes: ["metrics", "health"] });
    const seen = async () => (await test.db.apiToken.findUniqueOrThrow({ where: { id: tokenId } })).lastUsedAt?.toISOString();
    expect((await use(token)).actor).toEqual({ kind: "token", id: tokenId, name: "prometheus", scopes: ["metrics", "health"], databaseIds: null, origin: "192.0.2.77" });
    test.clock.advance(59_000);
    await use(token);
    expect(await seen()).toBe("2026-09-22T09:14:00.000Z");
    test.clock.advance(1_000);
    await use(token);
    expect(await seen()).toBe("2026-09-22T09:15:00.000Z");
    await use(token, "192.0.2.78");
    expect(await listTokens(test)).toMatchObject([{ lastUsedFrom: "192.0.2.78" }]);
  });

  it.each([null, "", "Bearer", "Basic aGY6aGY=", "hf_x"])("takes %j for no token at all", async (header) => {
    await expect(authenticateToken(here(), header)).rejects.toMatchObject({ code: "token.missing", kind: "unauthenticated" });
    expect(await test.db.signInThrottle.count()).toBe(0);
  });

  it("refuses a wrong secret behind a right start, and what has not the form of a token", async () => {
    const { token } = await make();
    const other = makeToken().token.split("_")[2] ?? "";
    for (const wrong of [`${token.split("_", 2).join("_")}_${other}`, `${token}x`, makeToken().token, "hf_", "x".repeat(10_000)]) {
      await expect(use(wrong, `192.0.2.${wrong.length % 200}`)).rejects.toMatchObject({ code: "token.unknown" });
    }
  });

  it("locks an address after five wrong ones, for right ones too, and no other address", async () => {
    const { token } = await make();
    for (let guess = 0; guess < 5; guess += 1) await expect(use(makeToken().token)).rejects.toMatchObject({ code: "token.unknown" });
    await expect(use(token)).rejects.toMatchObject({ code: "token.locked" });
    await expect(use(makeToken().token)).rejects.toMatchObject({ code: "token.locked" });
    expect((await use(token, "192.0.2.78")).actor.name).toBe("prometheus");
    expect(await refusals()).toEqual(Array(5).fill("system Not signed in: Refused an API token that is not known"));
    test.clock.advance(60_000);
    expect((await use(token)).actor.name).toBe("prometheus");
  });

  it("refuses one that expired or was revoked, writes it down once an hour, and locks nobody out for it", async () => {
    const { token, tokenId } = await make({ days: 1 });
    const { token: other } = await make({ name: "cron" });
    test.clock.advance(24 * 3_600_000);
    for (let minute = 0; minute < 30; minute += 1) {
      await expect(use(token)).rejects.toMatchObject({ code: "token.expired" });
      test.clock.advance(60_000);
    }
    expect((await use(other)).actor.name).toBe("cron");
    expect(await refusals()).toEqual(["token prometheus: Refused the API token prometheus: it has expired"]);
    await revokeToken(admin, { tokenId });
    await expect(use(token)).rejects.toMatchObject({ code: "token.revoked" });
    test.clock.advance(3_600_000);
    await expect(use(token)).rejects.toMatchObject({ code: "token.revoked" });
    expect((await refusals()).slice(1)).toEqual(Array(2).fill("token prometheus: Refused the API token prometheus: it was revoked"));
    await expect(revokeToken(admin, { tokenId })).rejects.toMatchObject({ code: "token.not_found" });
  });

  it("may never more than its maker may at this moment", async () => {
    const maker = await test.as("operator");
    const able = { ...maker, actor: { ...maker.actor, mayRestore: true } };
    await test.db.user.update({ where: { id: maker.actor.id }, data: { mayRestore: true } });
    const { token } = await make({ scopes: ["read", "backup", "restore"] }, able);
    expect((await use(token)).actor.scopes).toEqual(["read", "backup", "restore"]);
    await test.db.user.update({ where: { id: maker.actor.id }, data: { mayRestore: false } });
    expect((await use(token)).actor.scopes).toEqual(["read", "backup"]);
    await changeRole(admin, { userId: maker.actor.id, role: "viewer" });
    expect((await use(token)).actor.scopes).toEqual(["read"]);
    await disableUser(admin, { userId: maker.actor.id });
    await expect(use(token)).rejects.toMatchObject({ code: "token.maker_gone" });
    expect(await listTokens(test)).toMatchObject([{ state: "maker_gone" }]);
  });
});

describe("authoriseToken", () => {
  it("refuses what is not among its scopes, under the attempt's name and the token's", async () => {
    const { token } = await make();
    const ask = (scope: Scope) => authoriseToken(here(), `Bearer ${token}`, { scope, attempt: "backup.start" });
    expect((await ask("metrics")).actor.name).toBe("prometheus");
    for (let times = 0; times < 2; times += 1) await expect(ask("backup")).rejects.toMatchObject({ code: "token.scope", kind: "forbidden" });
    expect(await refusals()).toEqual(["token prometheus: Refused backup.start: it needs the scope backup"]);
  });
});

it("reaches only the databases it was made for", async () => {
  await test.db.store.create({ data: { id: "s", name: "local-disk", kind: "local", path: "/srv/backups" } });
  const { databaseId } = await addDatabase(admin, AddDatabaseInput.parse({ container: "orders-postgres", databaseName: "orders", role: "orders", storeId: "s" }));
  const { token } = await make({ databaseIds: [databaseId] });
  const { actor } = await use(token);
  expect([databaseId, "another", null].map((id) => reaches(actor, id))).toEqual([true, false, false]);
  expect([databaseId, "another", null].map((id) => reaches(admin.actor, id))).toEqual([true, true, true]);
  expect(await listTokens(test)).toMatchObject([{ databases: ["orders"] }]);
  await expect(make({ name: "wrong", databaseIds: ["another"] })).rejects.toMatchObject({ code: "database.not_found" });
});
