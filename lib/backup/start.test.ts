import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import type { Context } from "@/lib/context";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { StartBackupInput } from "./schemas";
import { startBackup } from "./start";

let test: TestHoldfast;
beforeEach(async () => void (test = await testHoldfast()));
afterEach(() => test.close());

const register = async (name: string, includeRolePasswords: boolean) => (await addDatabase(test.ctx, AddDatabaseInput.parse({ container: "pg", databaseName: name, role: "x", storeId: test.storeId, options: { includeRolePasswords } }))).databaseId;
const ask = (ctx: Context, databaseId: string) => startBackup(ctx, StartBackupInput.parse({ databaseId, options: { includeRolePasswords: true } }));

describe("password hashes in a backup", () => {
  it("are asked for by admins alone, where the database leaves them out", async () => {
    const databaseId = await register("plain", false);
    const cli: Context = { ...test.ctx, actor: { kind: "cli", id: null, name: "root", origin: "host" } };
    const token: Context = { ...test.ctx, actor: { kind: "token", id: "t", name: "ci", scopes: [], databaseIds: null, origin: "192.0.2.1" } };
    for (const ctx of [await test.as("operator"), cli, token]) await expect(ask(ctx, databaseId)).rejects.toMatchObject({ code: "backup.passwords_refused" });
    expect(await test.db.run.count()).toBe(0);
    await ask(await test.as("admin"), databaseId);
  });

  it("come along for everybody where an admin has put them into the database's options, or its schedule's", async () => {
    await ask(await test.as("operator"), await register("open", true));
    await ask(test.schedule(), await register("scheduled", false));
  });
});
