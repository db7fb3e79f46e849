import { describe, expect, it } from "vitest";
import { inTime } from "./patience";

describe("a store that does not answer", () => {
  it("is not waited for, and not asked again before it answers", async () => {
    const store = { name: "nas", path: "/mnt/nas" };
    let answer: () => void = () => undefined;
    const silent = new Promise<void>((resolve) => (answer = resolve));
    await expect(inTime(store, () => silent, 10)).rejects.toMatchObject({ code: "store.silent" });
    let asked = 0;
    const ask = async () => (asked += 1);
    await expect(inTime(store, ask)).rejects.toMatchObject({ code: "store.silent" });
    expect(await inTime({ name: "disk", path: "/mnt/disk" }, ask)).toBe(1);
    answer();
    await silent;
    expect(await inTime(store, ask)).toBe(2);
  });

  it("passes on what the store answered, and what it refused", async () => {
    const store = { name: "disk", path: "/mnt/disk" };
    expect(await inTime(store, () => Promise.resolve("here"))).toBe("here");
    await expect(inTime(store, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
