import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createUser } from "@/lib/users/create-user";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { startSession } from "./start-session";

const email = "maeve.byrne@bimcalc.example";
const password = "correct horse battery";

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase();
  await createUser(await test.as("admin"), { name: "Maeve Byrne", email, role: "operator", password });
});
afterEach(() => test.close());

function signIn(values: { email?: string; password?: string; remember?: boolean; origin?: string } = {}) {
  const { origin = "198.51.100.7", ...input } = values;
  return startSession({ db: test.db, clock: test.clock, origin, userAgent: "vitest" }, { email, password, remember: false, ...input });
}
async function fail(times: number, values: { email?: string; origin?: string } = {}) {
  const codes: string[] = [];
  for (let i = 0; i < times; i++) {
    codes.push(await signIn({ ...values, password: "wrong" }).then(() => "signed in", (error: { code: string }) => error.code));
  }
  return codes;
}
const entries = () => test.db.auditEntry.findMany({ where: { action: "session.started" }, orderBy: { id: "asc" } });

describe("startSession", () => {
  it("makes a session of 8 hours, or of 7 days when asked to stay signed in", async () => {
    const usual = await signIn();
    const remembered = await signIn({ remember: true });
    const hours = async (id: string) => ((await test.db.session.findUniqueOrThrow({ where: { id } })).expiresAt.getTime() - test.clock.now().getTime()) / 3_600_000;
    expect(await hours(usual.sessionId)).toBe(8);
    expect(await hours(remembered.sessionId)).toBe(168);
    expect((await entries()).map((entry) => [entry.outcome, entry.actorName, entry.origin])).toEqual([
      ["succeeded", "Maeve Byrne", "198.51.100.7"],
      ["succeeded", "Maeve Byrne", "198.51.100.7"],
    ]);
  });

  it("answers the same to a wrong password, an unknown email and a disabled account, and records which it was", async () => {
    await test.db.user.updateMany({ where: { email }, data: { disabledAt: null } });
    const wrongPassword = await signIn({ password: "wrong", origin: "198.51.100.1" }).catch((error: Error) => error);
    const unknownEmail = await signIn({ email: "nobody@bimcalc.example", origin: "198.51.100.2" }).catch((error: Error) => error);
    await test.db.user.updateMany({ where: { email }, data: { disabledAt: test.clock.now() } });
    const disabled = await signIn({ origin: "198.51.100.3" }).catch((error: Error) => error);

    for (const error of [wrongPassword, unknownEmail, disabled]) {
      expect(error).toMatchObject({ code: "auth.wrong_credentials", message: (wrongPassword as Error).message });
    }
    expect((await entries()).map((entry) => [entry.outcome, JSON.parse(entry.after ?? "{}").why])).toEqual([
      ["refused", "wrong password"],
      ["refused", "no such user"],
      ["refused", "disabled"],
    ]);
    expect(await test.db.session.count({ where: { user: { email } } })).toBe(0);
  });

  it("spends as long on an email nobody has as on a wrong password", async () => {
    const time = async (work: () => Promise<unknown>) => {
      const started = performance.now();
      await work().catch(() => undefined);
      return performance.now() - started;
    };
    await signIn();
    // The quickest of some: a machine that is busy makes single ones slow, never quick.
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      known.push(await time(() => signIn({ password: "wrong", origin: `198.51.100.${round}` })));
      unknown.push(await time(() => signIn({ email: `nobody${round}@bimcalc.example`, origin: `203.0.113.${round}` })));
    }
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3);
  });

  it("locks the account after five failures, says until when, and doubles", async () => {
    expect(await fail(5)).toEqual([...Array<string>(4).fill("auth.wrong_credentials"), "auth.locked"]);
    await expect(signIn()).rejects.toMatchObject({ code: "auth.locked", details: { retryInMs: 60_000 } });
    test.clock.advance(45_000);
    await expect(signIn()).rejects.toMatchObject({ details: { retryInMs: 15_000 }, message: "Too many failed sign-ins. Try again in 15\u00a0s." });
    test.clock.advance(15_000);
    await expect(signIn({ password: "wrong" })).rejects.toMatchObject({ code: "auth.locked", details: { retryInMs: 120_000 } });
  });

  it("locks the account from every address, and an address for every account", async () => {
    await fail(5, { origin: "198.51.100.1" });
    await expect(signIn({ origin: "198.51.100.2" })).rejects.toMatchObject({ code: "auth.locked" });
    await expect(signIn({ email: "someone.else@bimcalc.example", origin: "198.51.100.1" })).rejects.toMatchObject({ code: "auth.locked" });
    await expect(signIn({ email: "someone.else@bimcalc.example", origin: "198.51.100.2" })).rejects.toMatchObject({ code: "auth.wrong_credentials" });
  });

  it("lets a right password through after the lock and forgets the failures", async () => {
    await fail(5);
    test.clock.advance(60_000);
    await signIn();
    expect(await test.db.signInThrottle.count()).toBe(0);
  });

  it("lets only five of twenty guesses made at once be tried", async () => {
    const codes = await Promise.all(Array.from({ length: 20 }, () => fail(1)));
    expect(codes.flat().filter((code) => code === "auth.wrong_credentials")).toHaveLength(4);
    const tried = (await entries()).filter((entry) => JSON.parse(entry.after ?? "{}").why === "wrong password");
    expect(tried).toHaveLength(5);
  });

  it("records the first attempt that a lock refuses, and not the flood after it", async () => {
    await fail(5);
    test.clock.advance(1_000);
    await fail(10);
    expect((await entries()).filter((entry) => JSON.parse(entry.after ?? "{}").why === "locked")).toHaveLength(1);
  });

  it("writes no password anywhere", async () => {
    await fail(2);
    await signIn();
    const everything = JSON.stringify([await test.db.auditEntry.findMany(), await test.db.signInThrottle.findMany()], (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    expect(everything).not.toContain(password);
    expect(everything).not.toContain("argon2");
  });
});
