import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf } from "./log-lines";
import { LogReader, type LogReading } from "./read-log";

function read(text: string): LogReading {
  const reader = new LogReader();
  for (const line of text.split("\n")) reader.push(line);
  return reader.end();
}

/** The output example of the procedures, with a file of its own. */
const run = (stamp: string, items = 32, size = "16K") => `=========================================
BIMCalc PostgreSQL Backup (Docker)
=========================================

📊 Checking database size...
   Database size: 8676 kB
📊 Counting records...
   Price items: ${items}
   Pipeline runs: 1

🔄 Creating backup...
✅ Backup created: ./backups/bimcalc_postgres_backup_${stamp}.sql (72K)
🗜️  Compressing backup...
✅ Compressed: ./backups/bimcalc_postgres_backup_${stamp}.sql.gz (${size})

🔍 Verifying backup integrity...
✅ Backup integrity verified (compressed)

📁 Current backups:
   ./backups/bimcalc_postgres_backup_20251112_020001.sql.gz (14K)
   ./backups/bimcalc_postgres_backup_${stamp}.sql.gz (14K)
   Total backups: 2
   Total size: 32K

✅ Backup Complete
`;

const notRunning = `=========================================
BIMCalc PostgreSQL Backup (Docker)
=========================================

❌ Error: PostgreSQL container is not running
   docker: Error response from daemon: No such container: bimcalc-postgres.
`;

const restore = `=========================================
BIMCalc PostgreSQL Restore (Docker)
=========================================

📊 Current database stats:
   Price items: 32
   Pipeline runs: 1

⚠️  WARNING: This will REPLACE the current database!
   Backup file: ./backups/bimcalc_postgres_backup_20251113_233752.sql.gz

Are you sure you want to continue? (yes/no): yes

🛑 Stopping application...
🗑️  Dropping existing database...
🆕 Creating fresh database...
📥 Restoring backup...
🔍 Verifying restoration...
   Price items: 32
   Pipeline runs: 1

🚀 Starting application...
⏳ Waiting for application to be ready...
✅ Application is responding

✅ Restore Complete

Web UI: http://localhost:8001
`;

const brief = ({ runs }: LogReading) => runs.map(({ stamp, outcome }) => [stamp, outcome]);

describe("LogReader", () => {
  it("reads the output example to its last line", () => {
    expect(read(run("20251113_233752"))).toEqual({
      runs: [{ kind: "backup", outcome: "succeeded", stamp: "20251113_233752", file: "bimcalc_postgres_backup_20251113_233752.sql", database: "bimcalc", size: "16K", databaseSize: "8676 kB", counts: { "Price items": 32, "Pipeline runs": 1 }, verified: true, problems: [], firstLine: 2, lastLine: 25, key: "bimcalc_postgres_backup_20251113_233752.sql" }],
      lines: 26,
      notUnderstood: [],
      notUnderstoodTotal: 0,
    });
  });

  it("reads run after run, failures between them, and restores", () => {
    const reading = read(run("20251112_020001") + notRunning + notRunning + run("20251114_020002") + restore);
    expect(reading.notUnderstood).toEqual([]);
    expect(reading.runs.map(({ kind, outcome, key }) => [kind, outcome, key])).toEqual([
      ["backup", "succeeded", "bimcalc_postgres_backup_20251112_020001.sql"],
      ["backup", "failed", "backup after bimcalc_postgres_backup_20251112_020001.sql, 1"],
      ["backup", "failed", "backup after bimcalc_postgres_backup_20251112_020001.sql, 2"],
      ["backup", "succeeded", "bimcalc_postgres_backup_20251114_020002.sql"],
      ["restore", "succeeded", "restore of bimcalc_postgres_backup_20251113_233752.sql after bimcalc_postgres_backup_20251114_020002.sql, 1"],
    ]);
    expect(reading.runs[1]?.problems).toEqual(["Error: PostgreSQL container is not running", "docker: Error response from daemon: No such container: bimcalc-postgres."]);
  });

  it("gives the same keys when the log has grown", () => {
    const short = read(notRunning + run("20251112_020001") + notRunning);
    const long = read(notRunning + run("20251112_020001") + notRunning + notRunning + run("20251113_020001"));
    expect(long.runs.slice(0, 3).map(({ key }) => key)).toEqual(short.runs.map(({ key }) => key));
    expect(new Set(long.runs.map(({ key }) => key)).size).toBe(long.runs.length);
  });

  it.each([
    ["a full disk", "gzip: ./backups/bimcalc_postgres_backup_20251112_020001.sql.gz: No space left on device"],
    ["a dump that broke", "pg_dump: error: connection to server on socket failed: FATAL: role \"bimcalc\" does not exist"],
    ["an integrity check that failed", "❌ Backup integrity check failed!"],
    ["words of one's own with a cross", "❌ Sicherung abgebrochen"],
  ])("calls %s a failure, whatever was said before", (_, problem) => {
    const text = run("20251112_020001").split("🔍 Verifying")[0] ?? "";
    expect(read(`${text}${problem}\n`).runs).toEqual([expect.objectContaining({ outcome: "failed", stamp: "20251112_020001", problems: [problem.replace("❌ ", "")] })]);
  });

  it("calls a run without an end unfinished, and never a success", () => {
    const half = run("20251112_020001").split("🗜️")[0] ?? "";
    expect(brief(read(half))).toEqual([["20251112_020001", "unfinished"]]);
    expect(brief(read(`${half}${run("20251113_020001")}${run("20251114_020001")}`))).toEqual([["20251112_020001", "unfinished"], ["20251113_020001", "succeeded"], ["20251114_020001", "succeeded"]]);
    const header = run("20251112_020001").split("📊")[0] ?? "";
    expect(brief(read(header + run("20251113_020001")))).toEqual([[null, "unfinished"], ["20251113_020001", "succeeded"]]);
  });

  it("keeps two mixed runs apart by their files, and gives neither the counts of the other", () => {
    const a = run("20251112_020001", 32).split("\n");
    const b = run("20251112_020003", 33).split("\n");
    const reading = read(a.flatMap((line, index) => [line, b[index] ?? ""]).join("\n"));
    expect(brief(reading).sort()).toEqual([["20251112_020001", "succeeded"], ["20251112_020003", "succeeded"]]);
    expect(reading.runs.map(({ counts, databaseSize }) => [counts, databaseSize])).toEqual([[{}, null], [{}, null]]);
  });

  it("reads what Windows and other locales make of it", () => {
    const reading = read(`\uFEFF${run("20251112_020001", 32, "1,4G").replaceAll("\n", "\r\n").replace("Price items: 32", "Price items: 3,000,000")}`);
    expect(reading).toMatchObject({ notUnderstood: [], runs: [{ outcome: "succeeded", size: "1,4G", counts: { "Price items": 3_000_000 } }] });
  });

  it.each([["16K", 16_384], ["1,4G", 1_503_238_554], ["72", 72], ["2.0M", 2_097_152], ["1.1T", 1_209_462_790_554], ["14 KB", 14_336], ["3 GiB", 3_221_225_472], ["large", null]])("takes %s for its bytes", (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes);
  });

  it("knows the end of a run of the present script, which says what was made", () => {
    const present = run("20251114_020002").replace("✅ Backup Complete", "✅ Backup Complete: 16 KB, 33 records");
    expect(read(present).runs).toMatchObject([{ outcome: "succeeded" }]);
  });

  it("shows lines that it does not understand, and takes no run from them", () => {
    const reading = read(`/bin/sh: 1: cd: can't cd to /Users/ciarancox/BIMCalcKM\n✅ Backup Complete\n${"x".repeat(10_000)}\nPrice items: 3\n`);
    expect(reading).toMatchObject({ runs: [], notUnderstoodTotal: 4 });
    expect(reading.notUnderstood[2]?.text).toHaveLength(200);
  });

  it("counts every run that begins, in any mixture of lines", () => {
    const line = fc.constantFrom(...new Set([...run("20251112_020001").split("\n"), ...notRunning.split("\n"), ...restore.split("\n"), "junk", "__proto__: 3"]));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const { runs } = read(lines.join("\n"));
        expect(runs).toHaveLength(lines.filter((one) => /PostgreSQL (Backup|Restore)/.test(one)).length);
        for (const { outcome, problems } of runs) if (outcome === "succeeded") expect(problems).toEqual([]);
      }),
    );
  });
});
