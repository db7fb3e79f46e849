import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changeRole } from "@/lib/users/change-role";
import { disableUser } from "@/lib/users/disable-user";
import { revokeSession } from "@/lib/users/revoke-session";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { endSession } from "./end-session";
import { findSession } from "./find-session";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

describe("findSession", () => {
  it("knows who is behind a live session, with the role of now", async () => {
    const admin = await test.as("admin");
    const { actor } = await test.as("viewer");
    await changeRole(admin, { userId: actor.id, role: "operator" });
    expect(await findSession(test.db, test.clock, actor.sessionId)).toEqual({
      sessionId: actor.sessionId,
      user: { id: actor.id, name: "The viewer", email: "viewer@bimcalc.example", role: "operator", mayRestore: false },
    });
  });

  it("forgets a session that was revoked, ended or has expired, and one whose user was disabled", async () => {
    const admin = await test.as("admin");
    const [revoked, ended, left, disabled] = [await test.as("viewer"), await test.as("viewer"), await test.as("viewer"), await test.as("operator")];
    await revokeSession(admin, { sessionId: revoked.actor.sessionId });
    await endSession(test, ended.actor.sessionId);
    await disableUser(admin, { userId: disabled.actor.id });
    for (const { actor } of [revoked, ended, disabled]) expect(await findSession(test.db, test.clock, actor.sessionId)).toBeNull();

    expect(await findSession(test.db, test.clock, left.actor.sessionId)).not.toBeNull();
    test.clock.advance(8 * 3_600_000);
    expect(await findSession(test.db, test.clock, left.actor.sessionId)).toBeNull();
  });

  it("writes when it was last seen at most once a minute", async () => {
    const { actor } = await test.as("viewer");
    const seen = async () => (await test.db.session.findUniqueOrThrow({ where: { id: actor.sessionId } })).lastSeenAt.toISOString();
    test.clock.advance(59_000);
    await findSession(test.db, test.clock, actor.sessionId);
    expect(await seen()).toBe("2026-09-22T09:14:00.000Z");
    test.clock.advance(1_000);
    await findSession(test.db, test.clock, actor.sessionId);
    expect(await seen()).toBe("2026-09-22T09:15:00.000Z");
  });
});

describe("endSession", () => {
  it("leaves one entry however often it is called", async () => {
    const { actor } = await test.as("viewer");
    await endSession({ ...test, origin: "203.0.113.9" }, actor.sessionId);
    await endSession(test, actor.sessionId);
    expect(await test.db.auditEntry.findMany()).toMatchObject([{ action: "session.ended", outcome: "succeeded", actorName: "The viewer", origin: "203.0.113.9" }]);
  });
});
