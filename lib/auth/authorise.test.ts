import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { mayRestore, type Role } from "@/lib/users/schemas";
import { authorise } from "./authorise";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

async function ask(role: Role, needed: Role, restore?: { granted: boolean }) {
  const { actor } = await test.as(role);
  const { id, name, sessionId } = actor;
  const place = { db: test.db, clock: test.clock, origin: "192.0.2.44" };
  return authorise(place, { sessionId, user: { id, name, email: "", role, mayRestore: mayRestore({ role, granted: restore?.granted ?? false }) } }, { role: needed, attempt: "backup.delete", ...(restore ? { permission: "restore" } : {}) });
}

describe("authorise", () => {
  it("gives a context to whoever may, and writes nothing", async () => {
    expect((await ask("operator", "viewer")).actor).toMatchObject({ kind: "user", role: "operator", origin: "192.0.2.44" });
    expect(await test.db.auditEntry.count()).toBe(0);
  });

  it("refuses a role that does not reach, and records the attempt by its name", async () => {
    await expect(ask("viewer", "operator")).rejects.toMatchObject({ code: "auth.forbidden", kind: "forbidden" });
    expect(await test.db.auditEntry.findMany()).toMatchObject([
      { action: "access.refused", outcome: "refused", actorName: "The viewer", origin: "192.0.2.44", after: '{"attempt":"backup.delete","role":"viewer","needed":"operator"}' },
    ]);
  });

  it("lets an operator restore only when that was granted, an admin always, a viewer never", async () => {
    await expect(ask("operator", "operator", { granted: false })).rejects.toMatchObject({ code: "auth.may_not_restore", kind: "forbidden" });
    expect((await ask("operator", "operator", { granted: true })).actor).toMatchObject({ mayRestore: true });
    expect((await ask("admin", "operator", { granted: false })).actor).toMatchObject({ mayRestore: true });
    await expect(ask("viewer", "operator", { granted: true })).rejects.toMatchObject({ code: "auth.forbidden" });
    expect(await test.db.auditEntry.findMany({ select: { sentence: true } })).toEqual([
      { sentence: "Refused backup.delete: it needs the permission to restore" },
      { sentence: "Refused backup.delete: it needs the role operator" },
    ]);
  });

  it("refuses without a session", async () => {
    await expect(authorise({ db: test.db, clock: test.clock, origin: "x" }, null, { role: "viewer", attempt: "backup.list" })).rejects.toMatchObject({ code: "auth.signed_out" });
  });
});
