import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { backupsPerPage, listBackups } from "./list";
import { readBackup } from "./read";
import { BackupsParams } from "./search-params";
import { summariseBackups } from "./summary";

let record: TestDatabase;
let stores: { disk: string; nas: string };
beforeEach(async () => {
  record = await testDatabase();
  const disk = await record.db.store.create({ data: { name: "local-disk", kind: "local", path: "/disk" } });
  const nas = await record.db.store.create({ data: { name: "nas-vault", kind: "local", path: "/nas", problem: "not mounted" } });
  stores = { disk: disk.id, nas: nas.id };
});
afterEach(() => record.close());

let made = 0;
async function backup(facts: { name?: string; rung?: number; storeId?: string; problem?: string; label?: string; hoursAgo?: number; kind?: string; rows?: bigint | null; deleted?: boolean } = {}) {
  made += 1;
  const takenAt = new Date(record.clock.now().getTime() - (facts.hoursAgo ?? 1) * 3_600_000);
  const problem = facts.problem ? JSON.stringify({ rung: "intact", code: facts.problem, message: "It is not what it was.", at: takenAt.toISOString() }) : null;
  return record.db.backup.create({
    data: {
      databaseName: facts.name ?? "bimcalc", origin: "holdfast", format: "custom", takenAt, sizeBytes: 10n, rows: facts.rows ?? null, rung: facts.rung ?? 3, problem,
      label: facts.label ?? null, initiatorKind: facts.kind ?? "user", initiatorName: "Maeve", storedAt: takenAt, readableAt: takenAt, deletedAt: facts.deleted ? takenAt : null,
      copies: { create: { storeId: facts.storeId ?? stores.disk, key: `file-${made}`, sizeBytes: 10n, storedAt: takenAt } },
    },
  });
}
const list = async (query: Record<string, string> = {}) => listBackups(record, BackupsParams.parse(query));

describe("a store taken out of use", () => {
  it("proves nothing any more, in the list, in its filters and in the sum", async () => {
    await record.db.store.update({ where: { id: stores.disk }, data: { removedAt: record.clock.now() } });
    const { id } = await backup({ rung: 4 });
    const [row] = (await list()).rows;
    expect(row).toMatchObject({ id, trust: { state: "unknown", was: "proven" }, copies: [{ unreachable: true }] });
    expect((await list({ proof: "proven" })).total).toBe(0);
    expect((await list({ proof: "unknown" })).total).toBe(1);
    expect(await summariseBackups(record)).toMatchObject({ proven: 0, unreachable: 1, silentStores: expect.arrayContaining(["local-disk"]) as string[] });
  });
});

describe("a copy that is damaged or missing", () => {
  it.each([["damaged", { problem: "{}" }], ["missing", { missingAt: new Date() }]])("proves nothing while it is %s and the whole one cannot be looked at, in the list, in its filters and in the sum", async (_, known) => {
    const { id } = await backup({ rung: 4 });
    await record.db.copy.updateMany({ data: known });
    await record.db.copy.create({ data: { backupId: id, storeId: stores.nas, key: "whole", sizeBytes: 10n, storedAt: record.clock.now() } });
    expect((await list()).rows[0]?.trust).toMatchObject({ state: "unknown", was: "proven" });
    expect((await list({ proof: "proven" })).total).toBe(0);
    expect((await list({ proof: "unknown" })).total).toBe(1);
    expect(await summariseBackups(record)).toMatchObject({ total: 1, proven: 0, unreachable: 1 });
  });
});

describe("listBackups", () => {
  it("leaves deleted ones out and puts the newest first", async () => {
    const older = await backup({ hoursAgo: 5 });
    const newer = await backup({ hoursAgo: 2 });
    await backup({ deleted: true });
    const { rows, total } = await list();
    expect(rows.map((row) => row.id)).toEqual([newer.id, older.id]);
    expect(total).toBe(2);
  });
  it("filters by proof as it can be trusted now, not as it once was", async () => {
    const proven = await backup({ rung: 4 });
    const silent = await backup({ rung: 4, storeId: stores.nas });
    const damaged = await backup({ rung: 1, problem: "backup.changed" });
    const ids = async (proof: string) => (await list({ proof })).rows.map((row) => row.id);
    expect(await ids("proven")).toEqual([proven.id]);
    expect(await ids("unknown")).toEqual([silent.id]);
    expect(await ids("problem")).toEqual([damaged.id]);
    expect(await ids("stored")).toEqual([]);
  });
  it("filters by store, kind, range and words", async () => {
    await backup({ hoursAgo: 50, label: "before upgrade", kind: "schedule" });
    await backup({ storeId: stores.nas });
    expect((await list({ store: stores.nas })).total).toBe(1);
    expect((await list({ kind: "schedule" })).total).toBe(1);
    expect((await list({ taken: "24h" })).total).toBe(1);
    expect((await list({ q: "upgrade" })).total).toBe(1);
    expect((await list({ q: "nothing" })).total).toBe(0);
  });
  it("puts what was not counted last when the most records come first", async () => {
    await backup({ rows: null });
    await backup({ rows: 5n });
    expect((await list({ sort: "records" })).rows.map((row) => row.rows)).toEqual([5, null]);
  });
  it("pages, and shows the last page for one past the end", async () => {
    for (let index = 0; index < backupsPerPage + 2; index += 1) await backup({ hoursAgo: index });
    expect((await list()).rows).toHaveLength(backupsPerPage);
    expect(await list({ page: "99" })).toMatchObject({ page: 2, pages: 2, rows: [{}, {}] });
  });
  it("sorts by database either way, the newest of each first, across pages", async () => {
    for (let index = 0; index < backupsPerPage; index += 1) await backup({ name: index % 2 === 0 ? "orders" : "bimcalc", hoursAgo: index });
    await backup({ name: "reporting", hoursAgo: 3 });
    await backup({ name: "Archive", hoursAgo: 2 });
    const shown = async (order: string) => (await Promise.all(["1", "2"].map((page) => list({ sort: "database", order, page })))).flatMap(({ rows }) => rows.map((row) => `${row.databaseName} ${row.takenAt}`));
    const all = (await list()).rows.concat((await list({ page: "2" })).rows);
    const of = (name: string) => all.filter((row) => row.databaseName === name).map((row) => `${row.databaseName} ${row.takenAt}`);
    expect(await shown("asc")).toEqual(["Archive", "bimcalc", "orders", "reporting"].flatMap(of));
    expect(await shown("desc")).toEqual(["reporting", "orders", "bimcalc", "Archive"].flatMap(of));
    expect(await list({ sort: "database", q: "nothing" })).toMatchObject({ rows: [], total: 0, page: 1, pages: 1 });
  });
  it("shows every backup on one page, in order, those of the same instant too", async () => {
    for (let index = 0; index < 3 * backupsPerPage + 3; index += 1) await backup({ hoursAgo: Math.floor(index / 5), kind: index % 2 === 0 ? "user" : "schedule" });
    for (const query of [{}, { order: "asc" }, { q: "bimcalc" }, { q: "maeve", order: "asc" }, { kind: "user" }, { proof: "readable" }, { taken: "24h" }, { sort: "database" }] as Record<string, string>[]) {
      const { pages, total } = await list(query);
      const shown = (await Promise.all(Array.from({ length: pages }, (_, index) => list({ ...query, page: String(index + 1) })))).flatMap(({ rows }) => rows);
      expect(new Set(shown.map(({ id }) => id)).size).toBe(total);
      const times = shown.map(({ takenAt }) => takenAt);
      expect(times).toEqual([...times].sort((a, b) => (query["order"] === "asc" ? a.localeCompare(b) : b.localeCompare(a))));
    }
  });
});

describe("summariseBackups", () => {
  it("counts each backup once", async () => {
    await backup({ rung: 4 });
    await backup({ rung: 3, name: "orders" });
    await backup({ rung: 4, storeId: stores.nas });
    await backup({ rung: 1, problem: "backup.changed" });
    await backup({ deleted: true, rung: 4 });
    expect(await summariseBackups(record)).toEqual({ total: 4, databases: 2, proven: 1, readable: 1, intact: 0, stored: 0, broken: 1, unreachable: 1, silentStores: ["nas-vault"] });
  });
});

describe("readBackup", () => {
  it("knows nothing of a backup that never was", async () => expect(await readBackup(record, "nobody")).toBeNull());
  it("says of a deleted one that it existed", async () => {
    const { id } = await backup({ deleted: true });
    expect(await readBackup(record, id)).toMatchObject({ state: "deleted", backup: { databaseName: "bimcalc", by: null } });
  });
  it("shows one without a manifest as far as it is known", async () => {
    const { id } = await backup();
    expect(await readBackup(record, id)).toMatchObject({ state: "listed", backup: { manifest: null, run: null, rolesWithPasswords: null, trust: { state: "checked", rung: "readable" } } });
  });
});
