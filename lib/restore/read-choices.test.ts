import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { listSourceBackups, readChosen, readSource, readSources, sourceKey } from "./read-choices";
import { readTargets, targetOf } from "./read-targets";

let record: TestDatabase;
let stores: { disk: string; nas: string };
beforeEach(async () => {
  record = await testDatabase();
  const disk = await record.db.store.create({ data: { name: "local-disk", kind: "local", path: "/disk" } });
  const nas = await record.db.store.create({ data: { name: "nas-vault", kind: "local", path: "/nas", problem: "not mounted" } });
  stores = { disk: disk.id, nas: nas.id };
});
afterEach(() => record.close());

async function database(name: string, facts: { removed?: boolean; application?: object } = {}): Promise<string> {
  const { id } = await record.db.database.create({
    data: { name, fileName: name, container: `${name}-postgres`, databaseName: name, role: "postgres", storeId: stores.disk, options: "{}", removedAt: facts.removed ? record.clock.now() : null, application: facts.application ? JSON.stringify(facts.application) : null },
  });
  return id;
}

let made = 0;
async function backup(databaseId: string | null, facts: { name?: string; rung?: number; hoursAgo?: number; storeId?: string; problem?: boolean; missing?: boolean; partial?: boolean; foreign?: boolean; deleted?: boolean; label?: string } = {}): Promise<string> {
  made += 1;
  const takenAt = new Date(record.clock.now().getTime() - (facts.hoursAgo ?? 1) * 3_600_000);
  const { id } = await record.db.backup.create({
    data: {
      databaseId, databaseName: facts.name ?? "bimcalc", origin: facts.foreign ? "foreign" : "holdfast", format: "custom", takenAt, sizeBytes: 10n, rung: facts.rung ?? 3, isPartial: facts.partial ?? false, label: facts.label ?? null,
      problem: facts.problem ? JSON.stringify({ rung: "intact", code: "backup.changed", message: "It is not what it was.", at: takenAt.toISOString() }) : null,
      initiatorKind: "user", initiatorName: "Maeve", storedAt: takenAt, readableAt: takenAt, deletedAt: facts.deleted ? takenAt : null,
      copies: { create: { storeId: facts.storeId ?? stores.disk, key: `file-${made}`, sizeBytes: 10n, storedAt: takenAt, missingAt: facts.missing ? takenAt : null } },
    },
  });
  return id;
}
const plain = (text: string | undefined) => text?.replaceAll("\u00a0", " ");
const recommended = async (key: string) => (await readSource(record, key))?.recommendation;

describe("what is recommended", () => {
  it("is the newest proven backup, though newer ones exist, and says so", async () => {
    const id = await database("bimcalc");
    await backup(id, { rung: 4, hoursAgo: 30 });
    const proven = await backup(id, { rung: 4, hoursAgo: 7 });
    await backup(id, { rung: 3, hoursAgo: 1 });
    const found = await recommended(id);
    expect(found).toMatchObject({ backup: { id: proven }, isProven: true });
    expect(plain(found?.why)).toBe("The newest proven backup. A newer one, from 22 Sep 08:14, is readable and not proven.");
  });
  it("is the newest of the highest rung without one, and never called proven", async () => {
    const id = await database("bimcalc");
    await backup(id, { rung: 1, hoursAgo: 1 });
    const readable = await backup(id, { rung: 3, hoursAgo: 5 });
    const found = await recommended(id);
    expect(found).toMatchObject({ backup: { id: readable }, isProven: false });
    expect(found?.why).toBe("No backup of bimcalc is proven. This is the newest that is readable: decoded to its end, never restored.");
  });
  it("passes over what is damaged, missing, deleted, or in a store that cannot be read", async () => {
    const id = await database("bimcalc");
    for (const facts of [{ problem: true }, { missing: true }, { deleted: true }, { storeId: stores.nas }]) await backup(id, { rung: 4, ...facts });
    expect(await recommended(id)).toMatchObject({ backup: null, why: expect.stringContaining("None of its 3\u00a0backups can be looked at now") });
    const old = await backup(id, { rung: 2, hoursAgo: 900 });
    expect(await recommended(id)).toMatchObject({ backup: { id: old }, isProven: false });
  });
  it("looks behind one whose copies are gone, also while every store answers", async () => {
    await record.db.store.delete({ where: { id: stores.nas } });
    const id = await database("bimcalc");
    const older = await backup(id, { rung: 4, hoursAgo: 9 });
    await backup(id, { rung: 4, hoursAgo: 1, missing: true });
    expect(await recommended(id)).toMatchObject({ backup: { id: older }, isProven: true });
  });
  it("takes a partial backup or a foreign file only for want of another, and says what speaks against it", async () => {
    const [partial, foreign] = [await database("partial"), await database("foreign")];
    const a = await backup(partial, { rung: 4, partial: true });
    const b = await backup(foreign, { rung: 1, foreign: true });
    expect(await recommended(partial)).toMatchObject({ backup: { id: a }, isProven: false, why: expect.stringContaining("partial") });
    expect(await recommended(foreign)).toMatchObject({ backup: { id: b }, isProven: false, why: expect.stringContaining("not made by Holdfast") });
    const whole = await backup(partial, { rung: 1, hoursAgo: 99 });
    expect(await recommended(partial)).toMatchObject({ backup: { id: whole } });
  });
  it("is nothing for a database without backups", async () => expect(await recommended(await database("new"))).toMatchObject({ backup: null, why: "No backup yet, so there is nothing to go back to." }));
});

describe("the databases that are offered", () => {
  it("are those registered, those removed that left backups, and those only files speak of", async () => {
    await database("orders");
    await database("gone and empty", { removed: true });
    const gone = await database("archive", { removed: true });
    await backup(gone, { name: "archive" });
    await backup(null, { name: "found" });
    const { sources, total } = await readSources(record, { q: null, page: 1 });
    expect(sources.map(({ name, key, container }) => [name, key === `file:${name}`, container])).toEqual([["archive", false, null], ["found", true, null], ["orders", false, "orders-postgres"]]);
    expect(total).toBe(3);
  });
  it("leave out a file made elsewhere that is known to be broken, and its page still finds it", async () => {
    await backup(null, { name: "junk", foreign: true, problem: true });
    await backup(null, { name: "theirs", foreign: true });
    expect((await readSources(record, { q: null, page: 1 })).sources.map(({ name }) => name)).toEqual(["theirs"]);
    expect(await readSource(record, "file:junk")).toMatchObject({ recommendation: { backup: null } });
  });
  it("are found by a part of the name", async () => {
    await database("Orders");
    await database("bimcalc");
    expect((await readSources(record, { q: "ord", page: 1 })).sources.map(({ name }) => name)).toEqual(["Orders"]);
    expect(await readSources(record, { q: "nothing", page: 5 })).toEqual({ sources: [], total: 0, page: 1, pages: 1 });
  });
});

describe("the backups of one of them", () => {
  it("are its own, newest first, found by label", async () => {
    const [id, other] = [await database("bimcalc"), await database("orders")];
    await backup(other);
    const [older, newer] = [await backup(id, { hoursAgo: 9, label: "before 2.8" }), await backup(id, { hoursAgo: 2 })];
    expect((await listSourceBackups(record, id, { q: null, page: 1 })).rows.map((row) => row.id)).toEqual([newer, older]);
    expect((await listSourceBackups(record, id, { q: "2.8", page: 1 })).rows.map((row) => row.id)).toEqual([older]);
  });
  it("are those of a name, where no database is registered", async () => {
    await backup(await database("found"), { name: "found" });
    const loose = await backup(null, { name: "found" });
    expect((await listSourceBackups(record, "file:found", { q: null, page: 1 })).rows.map((row) => row.id)).toEqual([loose]);
  });
  it("leads back from a backup to its database", async () => {
    const id = await database("bimcalc");
    const chosen = await readChosen(record, await backup(id));
    expect(chosen && sourceKey(chosen)).toBe(id);
    expect(sourceKey({ databaseId: null, databaseName: "found" })).toBe("file:found");
    expect(await readChosen(record, await backup(id, { deleted: true }))).toBeNull();
    expect(await readChosen(record, null)).toBeNull();
  });
});

describe("the places to restore to", () => {
  it("are registered databases, each with what is stopped for it", async () => {
    await database("gone", { removed: true });
    const id = await database("bimcalc", { application: { containers: ["bimcalc-app"], healthUrl: "http://localhost:8001/health" } });
    await database("orders");
    expect(await readTargets(record)).toEqual([
      { id, name: "bimcalc", databaseName: "bimcalc", container: "bimcalc-postgres", stops: ["bimcalc-app"], healthUrl: "http://localhost:8001/health" },
      expect.objectContaining({ name: "orders", stops: [], healthUrl: null }),
    ]);
  });
  it("take the backup's own database unless another was chosen, and none for one that is not registered", () => {
    const targets = [{ id: "a" }, { id: "b" }];
    expect(targetOf(targets, null, "a")?.id).toBe("a");
    expect(targetOf(targets, "b", "a")?.id).toBe("b");
    expect(targetOf(targets, "x", "a")).toBeNull();
    expect(targetOf(targets, null, null)).toBeNull();
  });
});
