import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { StartBackupInput } from "@/lib/backup/schemas";
import { startBackup } from "@/lib/backup/start";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { mayRestore, type Role } from "@/lib/users/schemas";
import { authorise, type Requirement } from "./auth/authorise";
import type { SignedIn } from "./auth/find-session";

const request = vi.hoisted(() => ({ context: null as unknown }));
// The session comes from a request's cookie, and there is none here; what follows from it is the real thing.
vi.mock("./auth/context", () => ({ requireContext: (needed: Requirement) => (request.context as (needed: Requirement) => unknown)(needed) }));
const { action } = await import("./action");

let test: TestHoldfast;
beforeEach(async () => void (test = await testHoldfast()));
afterEach(() => test.close());

async function signIn(role: Role | null): Promise<void> {
  const actor = role && (await test.as(role)).actor;
  const signedIn: SignedIn | null = actor && { sessionId: actor.sessionId, user: { id: actor.id, name: actor.name, email: "", role: actor.role, mayRestore: mayRestore({ role: actor.role, granted: false }) } };
  request.context = (needed: Requirement) => authorise({ db: test.db, clock: test.clock, origin: "192.0.2.44" }, signedIn, needed);
}

const start = action({ name: "backup.start", input: StartBackupInput, role: "operator" }, startBackup);
const refusals = () => test.db.auditEntry.findMany({ where: { outcome: "refused" }, select: { action: true, actorName: true, sentence: true, origin: true } });

it("leaves in the audit log what the operation itself refused somebody who may else do it", async () => {
  const { databaseId } = await addDatabase(test.ctx, AddDatabaseInput.parse({ container: "pg", databaseName: "orders", role: "x", storeId: test.storeId }));
  await signIn("operator");
  const options = { includeRolePasswords: true };
  expect(await start({ databaseId, options })).toMatchObject({ ok: false, error: { code: "backup.passwords_refused" } });
  expect(await refusals()).toEqual([
    { action: "access.refused", actorName: "The operator", origin: "192.0.2.44", sentence: "Refused backup.start: Only an admin can ask for the password hashes of the roles, because the backups of orders leave them out" },
  ]);
  expect(await start({ databaseId })).toMatchObject({ ok: true });
  expect(await refusals()).toHaveLength(1);
});

it("records a role that does not reach once, and nothing of who is not signed in", async () => {
  await signIn("viewer");
  expect(await start({ databaseId: "x" })).toMatchObject({ ok: false, error: { code: "auth.forbidden" } });
  expect(await refusals()).toMatchObject([{ sentence: "Refused backup.start: it needs the role operator" }]);
  await signIn(null);
  expect(await start({ databaseId: "x" })).toMatchObject({ ok: false, error: { code: "auth.signed_out" } });
  expect(await refusals()).toHaveLength(1);
});
