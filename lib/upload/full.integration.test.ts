import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { testHoldfast } from "@/lib/testing/holdfast";
import { receiveUpload } from "./receive";

it("an upload that fills the disk says so and leaves nothing", async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", directory]);
  const holdfast = await testHoldfast({ storePath: directory });
  try {
    // 64 MiB that nobody announced.
    const body = Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(1 << 20, "-")), { objectMode: false });
    await expect(receiveUpload(holdfast.ctx, { storeId: holdfast.storeId, name: "large.sql", modifiedAt: null }, body, null)).rejects.toMatchObject({ code: "store.full" });
    expect(readdirSync(directory)).toEqual([]);
    expect(await holdfast.db.backup.count()).toBe(0);
    expect(await holdfast.db.auditEntry.count({ where: { action: "backup.imported" } })).toBe(0);
  } finally {
    execFileSync("umount", ["-l", directory]);
    await holdfast.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
