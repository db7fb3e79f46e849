import { expect, it } from "vitest";
import { requireMounted } from "./mounted";

const store = { name: "local-disk", path: "/backups" };
const listed = [{ key: "a.dump.zst" }, { key: "b.dump.zst" }];

it("believes no directory in which none of several listed files lies", () => {
  expect(() => requireMounted(store, listed, new Set())).toThrowError(expect.objectContaining({ code: "store.unmounted" }));
  expect(() => requireMounted(store, listed, new Set(["another.sql.gz"]))).toThrowError(/None of the newest 2 files/);
});

it("goes on where one is there, where only one was listed, and where none was", () => {
  expect(() => requireMounted(store, listed, new Set(["b.dump.zst"]))).not.toThrow();
  expect(() => requireMounted(store, listed.slice(0, 1), new Set())).not.toThrow();
  expect(() => requireMounted(store, [], new Set())).not.toThrow();
});
