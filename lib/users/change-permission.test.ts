import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findSession } from "@/lib/auth/find-session";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { changePermission } from "./change-permission";
import { changeRole } from "./change-role";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

const signedIn = async (sessionId: string) => (await findSession(test.db, test.clock, sessionId))?.user.mayRestore;

describe("the permission to restore", () => {
  it("counts from an operator's next request on, and so does its end; the record has both", async () => {
    const admin = await test.as("admin");
    const { actor } = await test.as("operator");
    expect(await signedIn(actor.sessionId)).toBe(false);
    await changePermission(admin, { userId: actor.id, mayRestore: true });
    await changePermission(admin, { userId: actor.id, mayRestore: true });
    expect(await signedIn(actor.sessionId)).toBe(true);
    await changePermission(admin, { userId: actor.id, mayRestore: false });
    expect(await signedIn(actor.sessionId)).toBe(false);
    expect(await test.db.auditEntry.findMany({ orderBy: { id: "asc" } })).toMatchObject([
      { action: "user.changed", actorName: "The admin", sentence: "Gave The operator the permission to restore", before: `{"userId":"${actor.id}","mayRestore":false}`, after: `{"userId":"${actor.id}","mayRestore":true}` },
      { action: "user.changed", sentence: "Took the permission to restore from The operator" },
    ]);
  });

  it("is refused for a viewer and needless for an admin, and nothing is recorded", async () => {
    const admin = await test.as("admin");
    const viewer = await test.as("viewer");
    await expect(changePermission(admin, { userId: viewer.actor.id, mayRestore: true })).rejects.toMatchObject({ code: "user.not_granted" });
    await expect(changePermission(admin, { userId: admin.actor.id, mayRestore: false })).rejects.toMatchObject({ code: "user.not_granted" });
    await expect(changePermission(admin, { userId: "nobody", mayRestore: true })).rejects.toMatchObject({ code: "user.not_found" });
    expect(await signedIn(admin.actor.sessionId)).toBe(true);
    expect(await test.db.auditEntry.count()).toBe(0);
  });

  it("does not come back with the role: it has to be given again", async () => {
    const admin = await test.as("admin");
    const { actor } = await test.as("operator");
    await changePermission(admin, { userId: actor.id, mayRestore: true });
    await changeRole(admin, { userId: actor.id, role: "viewer" });
    expect(await signedIn(actor.sessionId)).toBe(false);
    await changeRole(admin, { userId: actor.id, role: "operator" });
    expect(await signedIn(actor.sessionId)).toBe(false);
    expect(await test.db.auditEntry.findFirst({ where: { sentence: { contains: "to viewer" } } })).toMatchObject({ before: expect.stringContaining('"mayRestore":true') as string });
  });
});
