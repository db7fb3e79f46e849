import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { restoreCommands, restoredName, restoreScript, shellWord, type RestoreFacts } from "./restore-commands";

const facts: RestoreFacts = {
  fileName: "bimcalc_postgres_backup_20260922_020004.dump.zst",
  format: "custom",
  unpack: "zstd",
  sha256: "ab".repeat(32),
  rolesFile: "bimcalc_postgres_backup_20260922_020004.dump.zst.roles.sql",
  container: "bimcalc-postgres",
  role: "postgres",
  databaseName: "bimcalc",
  owner: "bimcalc",
  encoding: "UTF8",
  collation: "en_US.utf8",
  characterType: "en_US.utf8",
};
const lines = (change: Partial<RestoreFacts>) => restoreCommands({ ...facts, ...change }).map((step) => step.lines.join("\n"));

describe("shellWord", () => {
  it("leaves plain words alone", () => expect(shellWord("bimcalc-postgres")).toBe("bimcalc-postgres"));
  it.each(["", "two words", "it's", "$HOME", "`id`", 'a"b', "a;b", "a\nb", "*", "~", "#x", "a=b", "\\", "!!", "ünï"])("means exactly %j to a shell", (value) => {
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(value)}`]).toString()).toBe(value);
  });
});

describe("restoredName", () => {
  it("adds a word", () => expect(restoredName("bimcalc")).toBe("bimcalc_restored"));
  it("stays within 63 bytes and cuts between characters", () => {
    const name = restoredName("ü".repeat(40));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
    expect(name).toBe(`${"ü".repeat(27)}_restored`);
  });
});

describe("restoreCommands", () => {
  it("checks, restores roles, creates, restores: custom with zstd", () => {
    expect(restoreScript(restoreCommands(facts))).toBe(
      [
        "# 1  The file is whole if this prints its hash",
        "{ sha256sum 2> /dev/null || shasum -a 256; } \\",
        `  < bimcalc_postgres_backup_20260922_020004.dump.zst | grep ${"ab".repeat(32)}`,
        "",
        "# 2  Roles first. \u201calready exists\u201d is fine: the server has that role",
        "docker exec -i bimcalc-postgres psql -X -q -U postgres -d postgres \\",
        "  < bimcalc_postgres_backup_20260922_020004.dump.zst.roles.sql",
        "",
        "# 3  An empty database beside the live one",
        "docker exec bimcalc-postgres createdb -U postgres -T template0 -O bimcalc \\",
        "  -E UTF8 --lc-collate=en_US.utf8 --lc-ctype=en_US.utf8 \\",
        "  -- bimcalc_restored",
        "",
        "# 4  Restore; stops at the first error",
        "zstd -dc bimcalc_postgres_backup_20260922_020004.dump.zst \\",
        "  | docker exec -i bimcalc-postgres pg_restore -U postgres --exit-on-error \\",
        "    -d bimcalc_restored",
      ].join("\n"),
    );
  });
  it.each(["sha256sum", "shasum"])("checks the file where %s is the only tool for it", (tool) => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-hash-"));
    try {
      for (const name of [tool, "grep"]) symlinkSync(execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim(), path.join(directory, name));
      writeFileSync(path.join(directory, "a b.dump"), "rows");
      const check = (sha256: string) => execFileSync("/bin/sh", ["-e", "-c", lines({ fileName: "a b.dump", sha256 })[0] ?? ""], { cwd: directory, env: { NODE_ENV: "test", PATH: directory }, stdio: "pipe", encoding: "utf8" });
      const sha256 = createHash("sha256").update("rows").digest("hex");
      expect(check(sha256)).toContain(sha256);
      expect(() => check(facts.sha256 ?? "")).toThrow();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
  it("feeds plain SQL to psql, which stops at an error only when told to", () => {
    expect(lines({ format: "plain", unpack: "gzip", fileName: "b.sql.gz" }).at(-1)).toBe("gunzip -c b.sql.gz \\\n  | docker exec -i bimcalc-postgres psql -X -q -U postgres -v ON_ERROR_STOP=1 \\\n    -d bimcalc_restored");
  });
  it("needs no unpacking for an archive pg_dump packed itself", () => {
    expect(lines({ unpack: "none", fileName: "b.dump" }).at(-1)).toBe("docker exec -i bimcalc-postgres pg_restore -U postgres --exit-on-error \\\n  -d bimcalc_restored < b.dump");
  });
  it("unpacks a directory inside the container and cleans up", () => {
    const all = lines({ format: "directory", unpack: "none", fileName: "b.dir.tar" });
    expect(all.at(-2)).toContain("tar -xf - -C /tmp/restore");
    expect(all.at(-1)).toContain("rm -r /tmp/restore");
  });
  it("knows nothing of a foreign file and says so", () => {
    const [check, create] = restoreCommands({ ...facts, format: "plain", unpack: "gzip", fileName: "old.sql.gz", sha256: null, rolesFile: null, owner: null, encoding: null, collation: null, characterType: null });
    expect(check?.lines).toEqual(["gzip -t old.sql.gz"]);
    expect(create?.lines.join("\n")).toBe("docker exec bimcalc-postgres createdb -U postgres -T template0 \\\n  -- bimcalc_restored");
  });
  it("quotes every name", () => {
    const text = lines({ container: "a b", role: "it's", owner: "$HOME", databaseName: 'x"; rm -rf /', fileName: "a b.sql.gz", format: "plain", unpack: "gzip" }).join("\n");
    expect(text).toContain("docker exec -i 'a b' psql");
    expect(text).toContain(`-U 'it'\\''s'`);
    expect(text).toContain("-O '$HOME'");
    expect(text).toContain(`-- 'x"; rm -rf /_restored'`);
    expect(text).toContain("gunzip -c 'a b.sql.gz'");
  });
  it("keeps libpq from reading a name as connection settings", () => {
    expect(lines({ databaseName: "host=evil" }).at(-1)).toContain(`-d 'dbname='\\''host=evil_restored'\\'''`);
    expect(lines({ databaseName: "postgres://evil" }).at(-1)).toContain("dbname=");
  });
  it("does not take a file name for an option", () => expect(lines({ fileName: "-x.dump", unpack: "none" }).at(-1)).toContain("< ./-x.dump"));
});
