import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { changeRole } from "./change-role";
import { createUser } from "./create-user";
import { disableUser } from "./disable-user";
import { enableUser } from "./enable-user";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

const addAdmin = async () =>
  createUser(await test.as("admin"), { name: "Second admin", email: "second@bimcalc.example", role: "admin", password: "correct horse battery" });
const admins = () => test.db.user.count({ where: { role: "admin", disabledAt: null } });

describe("the last admin", () => {
  it("can neither be demoted nor disabled, and nothing is recorded", async () => {
    const admin = await test.as("admin");
    await expect(changeRole(admin, { userId: admin.actor.id, role: "operator" })).rejects.toMatchObject({ code: "user.last_admin" });
    await expect(disableUser(admin, { userId: admin.actor.id })).rejects.toMatchObject({ code: "user.last_admin" });
    expect(await admins()).toBe(1);
    expect(await test.db.auditEntry.count()).toBe(0);
  });

  it("is the one who may still sign in: a disabled second one does not count", async () => {
    const admin = await test.as("admin");
    const second = await addAdmin();
    await disableUser(admin, { userId: second.id });
    await expect(changeRole(admin, { userId: admin.actor.id, role: "viewer" })).rejects.toMatchObject({ code: "user.last_admin" });
    await enableUser(admin, { userId: second.id });
    await changeRole(admin, { userId: admin.actor.id, role: "viewer" });
    expect(await admins()).toBe(1);
  });

  it("remains when two admins demote each other at once", async () => {
    const admin = await test.as("admin");
    const second = await addAdmin();
    const results = await Promise.allSettled([
      changeRole(admin, { userId: second.id, role: "viewer" }),
      changeRole(admin, { userId: admin.actor.id, role: "viewer" }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await admins()).toBe(1);
  });
});

describe("disableUser", () => {
  it("ends their sessions and is recorded", async () => {
    const admin = await test.as("admin");
    const { actor } = await test.as("viewer");
    await disableUser(admin, { userId: actor.id });
    expect(await test.db.session.count({ where: { userId: actor.id, revokedAt: null } })).toBe(0);
    expect(await test.db.auditEntry.findMany()).toMatchObject([{ action: "user.removed", sentence: "Disabled The viewer", actorName: "The admin" }]);
  });

  it("is not for your own account", async () => {
    const admin = await test.as("admin");
    await addAdmin();
    await expect(disableUser(admin, { userId: admin.actor.id })).rejects.toMatchObject({ code: "user.own_account" });
  });
});
