import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSession } from "@/lib/auth/start-session";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { changePassword } from "./change-password";
import { createUser } from "./create-user";
import { listSessions } from "./list-sessions";
import { resetPassword, resetPasswordByEmail } from "./reset-password";
import { revokeSession } from "./revoke-session";
import { signOutEverywhere } from "./sign-out-everywhere";
import type { User } from "./user";

const email = "maeve.byrne@bimcalc.example";
const password = "correct horse battery";
let test: TestDatabase;
let maeve: User;
beforeEach(async () => {
  test = await testDatabase();
  maeve = await createUser(await test.as("admin"), { name: "Maeve Byrne", email, role: "operator", password });
});
afterEach(() => test.close());

const signIn = (secret: string) => startSession({ db: test.db, clock: test.clock, origin: "198.51.100.7", userAgent: "vitest" }, { email, password: secret, remember: false });
async function asMaeve() {
  const { sessionId } = await signIn(password);
  return { db: test.db, clock: test.clock, actor: { kind: "user" as const, id: maeve.id, name: maeve.name, role: maeve.role, sessionId, origin: "198.51.100.7" } };
}

describe("changePassword", () => {
  it("takes the new password, keeps this session and ends the others", async () => {
    const here = await asMaeve();
    await asMaeve();
    expect(await changePassword(here, { current: password, next: "another long password" })).toEqual({ sessionsEnded: 1 });
    expect(await listSessions(here)).toMatchObject([{ id: here.actor.sessionId, present: true }]);
    await expect(signIn(password)).rejects.toMatchObject({ code: "auth.wrong_credentials" });
    await signIn("another long password");
  });

  it("refuses without the present password, records it, and locks a guesser out", async () => {
    const here = await asMaeve();
    for (let i = 0; i < 5; i++) await expect(changePassword(here, { current: "guess", next: "another long password" })).rejects.toMatchObject({ code: "user.wrong_password" });
    await expect(changePassword(here, { current: password, next: "another long password" })).rejects.toMatchObject({ code: "auth.locked" });
    expect(await test.db.auditEntry.count({ where: { action: "user.password_changed", outcome: "refused" } })).toBe(5);
  });
});

describe("resetPassword", () => {
  it("makes up a password, ends their sessions, and keeps it out of the record", async () => {
    const theirs = await asMaeve();
    const { password: made } = await resetPassword(await test.as("admin"), { userId: maeve.id });
    expect(await listSessions(theirs)).toEqual([]);
    await signIn(made);
    expect(JSON.stringify((await test.db.auditEntry.findMany()).map((entry) => [entry.sentence, entry.after]))).not.toContain(made);
  });

  it("is not for your own account", async () => {
    const admin = await test.as("admin");
    await expect(resetPassword(admin, { userId: admin.actor.id })).rejects.toMatchObject({ code: "user.own_account" });
  });
});

describe("resetPasswordByEmail", () => {
  it("lets someone who was disabled and locked back in, and says who did it on which machine", async () => {
    await test.db.user.update({ where: { id: maeve.id }, data: { disabledAt: test.clock.now() } });
    for (let i = 0; i < 4; i++) await signIn("wrong").catch(() => undefined);
    const host = { db: test.db, clock: test.clock, actor: { kind: "cli" as const, id: null, name: "root", origin: "backup-host" } };
    await resetPasswordByEmail(host, { email, password: "set on the host" });
    await signIn("set on the host");
    expect(await test.db.auditEntry.findMany({ where: { action: "user.password_changed" } })).toMatchObject([
      { actorKind: "cli", actorName: "root", origin: "backup-host", sentence: "Set a new password for Maeve Byrne and enabled the account" },
    ]);
  });
});

describe("sessions", () => {
  it("can be revoked by their owner and by an admin, and by nobody else", async () => {
    const [one, two] = [await asMaeve(), await asMaeve()];
    await expect(revokeSession(await test.as("viewer"), { sessionId: one.actor.sessionId })).rejects.toMatchObject({ code: "user.session_not_found" });
    await revokeSession(two, { sessionId: one.actor.sessionId });
    await revokeSession(await test.as("admin"), { sessionId: two.actor.sessionId });
    expect(await test.db.session.count({ where: { userId: maeve.id, revokedAt: null } })).toBe(0);
  });

  it("can all be ended but this one", async () => {
    const here = await asMaeve();
    await asMaeve();
    await asMaeve();
    expect(await signOutEverywhere(here)).toEqual({ sessionsEnded: 2 });
    expect(await listSessions(here)).toHaveLength(1);
  });
});
