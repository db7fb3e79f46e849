import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { newestReadable, readableOf } from "./newest-readable";

let record: TestDatabase;
let stores: Record<"disk" | "nas" | "old", string>;
beforeEach(async () => {
  record = await testDatabase();
  const store = async (name: string, more: { problem?: string; removedAt?: Date } = {}) => (await record.db.store.create({ data: { name, kind: "local", path: `/${name}`, ...more } })).id;
  stores = { disk: await store("disk"), nas: await store("nas", { problem: "not mounted" }), old: await store("old", { removedAt: record.clock.now() }) };
  const all = { fileName: "orders", container: "orders-postgres", databaseName: "orders", role: "orders", storeId: stores.disk, options: "{}" };
  await record.db.database.create({ data: { id: "orders", name: "orders", ...all } });
});
afterEach(() => record.close());

async function backup(id: string, hoursAgo: number, facts: { store?: keyof typeof stores; rung?: number; missing?: boolean; damaged?: boolean; problem?: string; deleted?: boolean; origin?: string } = {}) {
  const takenAt = new Date(record.clock.now().getTime() - hoursAgo * 3_600_000);
  const { store = "disk", rung = 3, missing = false, damaged = false, problem = null, deleted = false, origin = "holdfast" } = facts;
  await record.db.backup.create({
    data: {
      id, databaseId: "orders", databaseName: "orders", origin, format: "custom", takenAt, sizeBytes: 10n, rung, problem, initiatorKind: "user", initiatorName: "Maeve", deletedAt: deleted ? takenAt : null,
      copies: { create: { storeId: stores[store], key: id, sizeBytes: 10n, storedAt: takenAt, missingAt: missing ? takenAt : null, problem: damaged ? "{}" : null } },
    },
  });
}
const ids = (points: { id: string }[]) => points.map(({ id }) => id);

describe("the newest readable backups", () => {
  it("are two, the newest first", async () => {
    await backup("c", 3);
    await backup("a", 1);
    await backup("b", 2, { rung: 4 });
    expect(ids(await newestReadable(record, "orders"))).toEqual(["a", "b"]);
  });
  it("are the further checked one first, of two of the same moment", async () => {
    await backup("source", 1);
    await backup("converted", 1, { rung: 4 });
    expect(ids(await newestReadable(record, "orders"))).toEqual(["converted", "source"]);
  });
  it("are none that was deleted, has a problem, was not decoded, is missing or damaged, or lies in a store taken out of use", async () => {
    await backup("deleted", 1, { deleted: true });
    await backup("problem", 1, { problem: "{}" });
    await backup("intact", 1, { rung: 2 });
    await backup("missing", 1, { missing: true });
    await backup("damaged", 1, { damaged: true });
    await backup("old", 1, { store: "old" });
    expect(await newestReadable(record, "orders")).toEqual([]);
  });
  it("are none that is dated ahead of the clock, and may be older than it seems", async () => {
    await backup("ahead", -48);
    await backup("here", 2);
    expect(ids(await newestReadable(record, "orders"))).toEqual(["here"]);
  });
  it("are found behind any number that lie in a store taken out of use", async () => {
    for (let n = 0; n < 25; n += 1) await backup(`old-${n}`, 1 + n, { store: "old" });
    await backup("here", 99);
    expect(ids(await newestReadable(record, "orders"))).toEqual(["here"]);
  });
  it("count in a store that cannot be read now, unless only readable stores are asked for", async () => {
    await backup("silent", 1, { store: "nas" });
    await backup("here", 2, { rung: 4 });
    expect(ids(await newestReadable(record, "orders"))).toEqual(["silent", "here"]);
    expect(ids(await readableOf(record.db, "orders", { most: 1, inReadableStore: true }))).toEqual(["here"]);
  });
  it("can be asked for more", async () => {
    await backup("foreign", 1, { origin: "foreign" });
    await backup("own", 2);
    expect(ids(await readableOf(record.db, "orders", { most: 5, where: { origin: "holdfast" } }))).toEqual(["own"]);
  });
});
