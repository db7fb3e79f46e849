import { describe, expect, it } from "vitest";
import { backupFileName, readFileName, toFileName } from "./names";

describe("a backup's file name", () => {
  it("has the form of the old script", () => {
    expect(backupFileName("bimcalc", new Date("2025-11-13T23:37:52.900Z"), ".sql.gz")).toBe("bimcalc_postgres_backup_20251113_233752.sql.gz");
  });

  it("counts on within one second, and is read back as of that second", () => {
    const takenAt = new Date(2025, 10, 13, 23, 37, 52);
    const second = backupFileName("bimcalc", new Date(takenAt.getTime() - takenAt.getTimezoneOffset() * 60_000), ".sql.gz", 2);
    expect(second).toBe("bimcalc_postgres_backup_20251113_233752_2.sql.gz");
    expect(readFileName(second)).toMatchObject({ databaseName: "bimcalc", takenAt });
  });

  it.each([
    ["bimcalc_postgres_backup_20251113_233752.sql.gz", "bimcalc", "plain", "gzip"],
    ["pre-upgrade/bimcalc_postgres_backup_20251113_233752.dump.zst", "bimcalc", "custom", "zstd"],
    ["a_postgres_backup_b_postgres_backup_20251113_233752.dir.tar", "a_postgres_backup_b", "directory", "none"],
    ["latest.dump", "latest", "custom", "none"],
  ])("%s is read back", (key, databaseName, format, unpack) => {
    expect(readFileName(key)).toMatchObject({ databaseName, format, unpack });
  });

  it("that names no time leaves it unknown", () => {
    expect(readFileName("latest.sql")?.takenAt).toBeNull();
  });

  it.each(["notes.txt", "bimcalc.dump.zst.json", "bimcalc.dump.zst.roles.sql", ".sql.gz", "dump"])("%s is no backup", (key) => {
    expect(readFileName(key)).toBeNull();
  });

  it.each([["bimcalc", "bimcalc"], ['we"ird; name', "we_ird__name"], ["Ünïcode", "Ünïcode"], ["../../etc", "_/etc".replace("/", "_")], ["-rf", "_rf"], [".hidden", "_hidden"]])("of %s starts with %s", (database, expected) => {
    const name = toFileName(database);
    expect(name).not.toMatch(/^[.-]|\//);
    if (!database.includes("/")) expect(name).toBe(expected);
  });
});
