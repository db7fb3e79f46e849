import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import type { Role } from "@/lib/users/schemas";
import { authorise } from "./authorise";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

async function ask(role: Role, needed: Role) {
  const { actor } = await test.as(role);
  const { id, name, sessionId } = actor;
  const place = { db: test.db, clock: test.clock, origin: "192.0.2.44" };
  return authorise(place, { sessionId, user: { id, name, email: "", role } }, { role: needed, attempt: "backup.delete" });
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

  it("refuses without a session", async () => {
    await expect(authorise({ db: test.db, clock: test.clock, origin: "x" }, null, { role: "viewer", attempt: "backup.list" })).rejects.toMatchObject({ code: "auth.signed_out" });
  });
});
