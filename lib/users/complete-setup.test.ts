import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { completeSetup } from "./complete-setup";
import { ensureSetupToken } from "./setup-token";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

const person = { name: "Maeve Byrne", email: "maeve.byrne@bimcalc.example", password: "correct horse battery" };
const setUp = (token: string, origin = "198.51.100.7") => completeSetup({ db: test.db, clock: test.clock, origin }, { ...person, token });

describe("completeSetup", () => {
  it("makes the first admin of whoever holds the token, once", async () => {
    const token = (await ensureSetupToken(test.db)) ?? "";
    expect(await setUp(token)).toMatchObject({ role: "admin", email: person.email });
    await expect(setUp(token)).rejects.toMatchObject({ code: "auth.setup_done" });
    expect(await test.db.setting.count()).toBe(0);
    expect(await test.db.auditEntry.findMany()).toMatchObject([{ action: "setup.completed", outcome: "succeeded", actorName: "Not signed in" }]);
    expect(await ensureSetupToken(test.db)).toBeNull();
  });

  it("makes one admin of two who use the token at once", async () => {
    const token = (await ensureSetupToken(test.db)) ?? "";
    const results = await Promise.allSettled([setUp(token, "198.51.100.1"), setUp(token, "198.51.100.2")]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await test.db.user.count()).toBe(1);
  });

  it("stores only the token's hash, and the token printed last counts", async () => {
    const first = (await ensureSetupToken(test.db)) ?? "";
    const second = (await ensureSetupToken(test.db)) ?? "";
    expect(JSON.stringify(await test.db.setting.findMany())).not.toContain(second);
    await expect(setUp(first)).rejects.toMatchObject({ code: "auth.wrong_token" });
    await setUp(second);
  });

  it("records wrong tokens and locks after five", async () => {
    await ensureSetupToken(test.db);
    for (let i = 0; i < 5; i++) await expect(setUp("guess")).rejects.toMatchObject({ code: "auth.wrong_token" });
    await expect(setUp("guess")).rejects.toMatchObject({ code: "auth.locked" });
    expect(await test.db.auditEntry.count({ where: { action: "setup.completed", outcome: "refused" } })).toBe(5);
  });
});
