import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveChannel } from "@/lib/alerts/save";
import { SaveChannelInput } from "@/lib/alerts/schemas";
import { verifyChain } from "@/lib/audit/verify";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { startWebReceiver } from "@/lib/testing/receivers";
import { until } from "@/lib/testing/worker-process";
import { contextOf } from "./session";
import { ended, installation, type Installation } from "./testing/installation";

const odd = `we"ird; name`;
let server: PostgresContainer;
let here: Installation;

beforeAll(async () => {
  server = await startPostgres({ user: "bimcalc", database: "bimcalc" });
  await server.psql("CREATE TABLE price_items AS SELECT g AS id, md5(g::text) AS name FROM generate_series(1, 32) g; CREATE TABLE pipeline_runs AS SELECT 1 AS id;");
  await server.psql(`CREATE DATABASE "we""ird; name"`);
  await server.psql("CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 7) g", { database: odd });
  here = await installation({ POSTGRES_CONTAINER: server.name, POSTGRES_DB: "bimcalc", POSTGRES_USER: "bimcalc" });
});
afterAll(async () => {
  await here?.close();
  await server?.stop();
});

const rows = (table: string) => server.psql(`SELECT count(*) FROM ${table}`);
const plainFiles = () => readdirSync(path.join(here.home, "backups")).filter((name) => name.endsWith(".sql.gz")).sort();

describe("the procedures' scripts, without a worker", () => {
  it("back a database up that was not known, in the procedures' words and order", async () => {
    const { code, out, err } = await here.run("./scripts/backup_postgres.sh", []);
    expect([code, err]).toEqual([0, ""]);
    const [file] = plainFiles();
    const size = String.raw`[\d.]+K?`;
    const lines = [
      `📝 bimcalc in ${server.name} was not known to Holdfast\\. It is registered now; its backups go to ${here.home}/backups\\.`, "",
      "=+", "bimcalc PostgreSQL Backup \\(Docker\\)", "=+", "",
      "📊 Checking database size\\.\\.\\.", "   Database size: \\d+ kB", "📊 Counting records\\.\\.\\.", "   Price items: 32", "   Pipeline runs: 1", "",
      "🔄 Creating backup\\.\\.\\.", `✅ Backup created: \\./backups/${file} \\(${size}\\)`, "🗜️  Compressing backup\\.\\.\\.", `✅ Compressed: \\./backups/${file} \\(${size}\\)`, "",
      "🔍 Verifying backup integrity\\.\\.\\.", "✅ Backup integrity verified \\(compressed\\)", "",
      "🧹 Cleaning old backups \\(>30 days\\)\\.\\.\\.", "   Nothing to remove", "",
      "📁 Current backups:", `   \\./backups/${file} \\(${size}\\)`, "   Total backups: 1", `   Total size: ${size}`, "",
      "✅ Backup Complete",
    ];
    expect(out).toMatch(new RegExp(`^${lines.join("\n")}\n$`));
    expect(file).toMatch(/^bimcalc_postgres_backup_\d{8}_\d{6}\.sql\.gz$/);
  });

  it("leave what the procedures' own commands work on", async () => {
    for (const line of ["gzip -t ./backups/bimcalc_postgres_backup_*.sql.gz", "gzip -t ./backups/*.sql.gz", 'gunzip -c ./backups/*.sql.gz | head -100 | grep "PostgreSQL database dump"', 'find ./backups -name "*.sql.gz" -mtime -1 | grep bimcalc_postgres_backup_', "du -sh ./backups", "ls -lht ./backups/ | head -5", 'grep "Backup Complete" logs/backup.log | tail -10 | grep "bimcalc, ./backups/.* 33 records, by "']) {
      expect([line, (await here.shell(line)).code]).toEqual([line, 0]);
    }
  });

  it("write each line once into the log that cron sends their output to, also into another directory", async () => {
    const before = readFileSync(path.join(here.home, "logs/backup.log"), "utf8");
    expect((await here.shell("./scripts/backup_postgres.sh ./backups/pre-upgrade >> logs/backup.log 2>&1")).code).toBe(0);
    const added = readFileSync(path.join(here.home, "logs/backup.log"), "utf8").slice(before.length);
    expect(added.match(/Creating backup/g)).toHaveLength(1);
    expect(added.match(/^✅ Backup Complete: .*\.\/backups\/pre-upgrade\/bimcalc_postgres_backup_/gm)).toHaveLength(1);
  });

  it("restore nothing without the word, and everything with it", async () => {
    await server.psql("DELETE FROM price_items WHERE id <= 10");
    const file = `./backups/${plainFiles()[0]}`;
    const refused = await here.run("./scripts/restore_postgres.sh", [file], { input: "no\n" });
    expect([refused.code, await rows("price_items")]).toEqual([4, "22"]);
    expect(refused.out).toMatch(/📊 Current database stats:\n {3}Price items: 22\n {3}Pipeline runs: 1\n\n⚠️ {2}WARNING: This will REPLACE the current database!\n {3}Backup file: .*\n[\s\S]*\(yes\/no\): no\nRestore cancelled\. Nothing was changed\.\n$/);
    // The end of the input is not consent either.
    expect((await here.run("./scripts/restore_postgres.sh", [file])).code).toBe(4);

    const { code, out } = await here.run("./scripts/restore_postgres.sh", [file], { input: "yes\n" });
    expect([code, await rows("price_items")]).toEqual([0, "32"]);
    expect(out).toMatch(/🆕 Creating fresh database\.\.\.\n📥 Restoring backup\.\.\.\n🔍 Verifying restoration\.\.\.\n {3}Price items: 32\n {3}Pipeline runs: 1\n\n🗑️ {2}Setting the existing database aside\.\.\.\n\n✅ Restore Complete\n\nUndo: holdfast undo \d+ \(until /);
  });

  it("take in a file of the old script, through a throwaway container", async () => {
    const { stdout } = await server.exec(["pg_dump", "-U", "bimcalc", "-d", "bimcalc"]);
    mkdirSync(path.join(here.home, "old"));
    writeFileSync(path.join(here.home, "old/bimcalc_postgres_backup_20241113_233752.sql.gz"), gzipSync(stdout));
    await server.psql("DELETE FROM pipeline_runs");
    const { code, out } = await here.run("./scripts/restore_postgres.sh", ["old/bimcalc_postgres_backup_20241113_233752.sql.gz"], { input: "yes\n" });
    expect(out).toContain("📝 Holdfast did not make this file, so it is not loaded into the live server");
    expect([code, await rows("pipeline_runs")]).toEqual([0, "1"]);
  });

  it("say what is wrong with a file that is none, and end with its code", async () => {
    writeFileSync(path.join(here.home, "x.sql.gz"), "not gzip");
    expect(await here.run("./scripts/restore_postgres.sh", ["x.sql.gz"], { input: "yes\n" })).toMatchObject({ code: 2 });
    expect((await here.run("./scripts/restore_postgres.sh", ["nowhere.sql.gz"])).code).toBe(3);
    expect((await here.run("./scripts/restore_postgres.sh", [])).code).toBe(2);
  });

  it("print a crontab line that works under cron's own environment", async () => {
    const { out } = await here.run("./scripts/setup_backup_schedule.sh", ["cron", "--print"]);
    const [comment, line = ""] = out.split("\n");
    expect([comment, line.slice(0, 10)]).toEqual(["# bimcalc daily backup at 2:00 AM (Holdfast)", "0 2 * * * "]);
    const before = readFileSync(path.join(here.home, "logs/backup.log"), "utf8").length;
    const bare = await here.run("env", ["-i", "PATH=/usr/bin:/bin", `HOME=${here.home}`, "sh", "-c", line.slice(10).replaceAll("\\%", "%")]);
    expect(bare).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(path.join(here.home, "logs/backup.log"), "utf8").slice(before)).toContain("✅ Backup Complete: ");
  });

  it("have systemd run them as the user that the record belongs to, whoever asked for it", async () => {
    const { out } = await here.run("./scripts/setup_backup_schedule.sh", ["systemd", "--print"], { env: { SUDO_USER: "maeve" } });
    expect(out).toContain(`User=${os.userInfo().username}\n`);
  });

  it("fail in a way that cron notices when the container is gone", async () => {
    const { code, out, err } = await here.run("./scripts/backup_postgres.sh", [], { env: { POSTGRES_CONTAINER: "holdfast-test-nosuch" } });
    expect(code).toBe(7);
    expect(err).toContain("Error: PostgreSQL container is not running");
    expect(out).toMatch(/❌ Backup Failed\n$/);
  });

  it("put on record that a backup failed, also when the check before it found out", async () => {
    const gone = "holdfast-test-nosuch";
    await here.db().database.updateMany({ data: { container: gone } });
    const { code, out, err } = await here.run("./scripts/backup_postgres.sh", [], { env: { POSTGRES_CONTAINER: gone } });
    await here.db().database.updateMany({ data: { container: server.name } });
    expect([code, out.match(/Backup Failed/g)?.length, err.includes("Error: PostgreSQL container is not running")]).toEqual([7, 1, true]);
    const run = await here.db().run.findFirstOrThrow({ where: { kind: "backup" }, orderBy: { id: "desc" } });
    expect(run).toMatchObject({ status: "failed", error: expect.stringContaining("docker.container_missing") });
    expect(await here.db().auditEntry.findFirst({ where: { runId: run.id, outcome: "failed" } })).toMatchObject({ action: "backup.finished" });
  });

  it("say that an old backup could not be removed, as the command does, and take nothing from the new one for it", async () => {
    const database = await here.db().database.findFirstOrThrow({ where: { databaseName: "bimcalc" }, include: { store: true } });
    // A directory where the file was: it cannot be deleted as a file.
    mkdirSync(path.join(database.store.path, "old.dump.zst"));
    const takenAt = new Date("2020-01-01T02:00:00Z");
    await here.db().backup.create({
      data: {
        id: "undeletable", databaseId: database.id, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt, sizeBytes: 100n, rows: 33n, initiatorKind: "user", initiatorName: "Maeve Byrne", rung: 3,
        copies: { create: { storeId: database.storeId, key: "old.dump.zst", sizeBytes: 100n, storedAt: takenAt } },
      },
    });
    const words = /Old backups were not all cleaned: .*old\.dump\.zst.*/;
    const { code, out } = await here.run("./scripts/backup_postgres.sh", []);
    expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`⚠️  ${words.source}\n[^]*✅ Backup Complete\n$`))]);
    expect(await here.ask("backup", "bimcalc")).toMatchObject({ exitCode: 0, warnings: expect.arrayContaining([expect.stringMatching(words)]) as string[] });
    rmdirSync(path.join(database.store.path, "old.dump.zst"));
    expect(await here.ask("prune", "bimcalc", "--confirm", "bimcalc")).toMatchObject({ exitCode: 0, data: { count: 1 } });
  });
});

describe("holdfast, without a worker", () => {
  it("protects a database with any name, and answers in one shape", async () => {
    const added = await here.ask("databases", "add", "--container", server.name, "--database", odd, "--role", "bimcalc");
    expect(added).toMatchObject({ holdfast: 1, command: "databases add", ok: true, exitCode: 0, data: { added: true, name: odd } });
    const backup = await here.ask("backup", odd, "--label", "first");
    expect(backup).toMatchObject({ command: "backup", ok: true, exitCode: 0, warnings: [], data: { runs: [{ kind: "backup", status: "succeeded", database: odd, error: null, backup: { records: 7, proof: "readable" } }] } });
    const list = await here.ask("list", odd);
    expect(list.data).toMatchObject({ total: 1, backups: [{ databaseName: odd, label: "first", kind: "cli", trust: { state: "checked", rung: "readable" } }] });
    expect((await here.ask("status", odd)).data).toMatchObject({ worker: false, databases: [{ name: odd, state: "at_risk" }] });
  });

  it("restores with the name given, undoes it, and keeps a record that is whole", async () => {
    await server.psql("DELETE FROM t WHERE id > 3", { database: odd });
    expect(await here.ask("restore", "latest", "--database", odd, "--reason", "a test")).toMatchObject({ ok: false, exitCode: 4, error: { code: "cli.not_confirmed" } });
    expect(await here.ask("restore", "latest", "--database", odd, "--confirm", odd)).toMatchObject({ exitCode: 4, error: { code: "cli.no_reason" } });
    expect(await here.ask("restore", "latest", "--database", odd, "--confirm", odd, "--reason", "a test")).toMatchObject({ ok: true, exitCode: 0, data: { status: "succeeded", restore: { state: "swapped", target: odd, compared: { tables: 1, rows: 7 } } } });
    expect(await server.psql("SELECT count(*) FROM t", { database: odd })).toBe("7");
    expect(await here.ask("undo", "--database", odd, "--confirm", odd, "--reason", "a test")).toMatchObject({ exitCode: 0, data: { restore: { state: "undone" } } });
    expect(await server.psql("SELECT count(*) FROM t", { database: odd })).toBe("3");
    expect(await here.db().run.findMany({ where: { databaseId: { not: null }, initiatorKind: { not: "cli" } } })).toEqual([]);
    const people = await here.db().auditEntry.findMany({ where: { actorKind: "cli" }, select: { actorName: true }, distinct: ["actorName"] });
    expect(people).toEqual([{ actorName: process.env["SUDO_USER"] || os.userInfo().username }]);
    expect((await verifyChain(here.db())).brokenAt).toBeNull();
  });

  it("cancels cleanly at Ctrl-C, and the next command takes a killed one for lost", async () => {
    await server.psql("CREATE TABLE big AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS filling FROM generate_series(1, 1500000) g");
    const dumping = async (started: number) => {
      const run = await here.db().run.findFirst({ where: { kind: "backup", id: { gt: started } }, orderBy: { id: "desc" } });
      return run?.status === "running" && run.step === "dump" && run;
    };
    const newest = async () => (await here.db().run.findFirst({ orderBy: { id: "desc" } }))?.id ?? 0;
    const first = here.start("holdfast", ["backup", "bimcalc"]);
    const end = ended(first);
    const run = await until("a dump", async () => dumping(0));
    first.kill("SIGINT");
    const { code, err } = await end;
    expect([code, (await here.db().run.findUniqueOrThrow({ where: { id: run.id } })).status]).toEqual([130, "cancelled"]);
    expect(err).toContain(`Cancelling run ${run.id}. The dump stops inside the container`);
    expect(readdirSync(path.join(here.home, "backups")).filter((name) => name.startsWith("."))).toEqual([]);

    const second = here.start("holdfast", ["backup", "bimcalc"]);
    const gone = ended(second);
    const left = await until("another dump", async () => dumping(run.id));
    second.kill("SIGKILL");
    await gone;
    await server.psql("DROP TABLE big");
    const next = await here.ask("backup", "bimcalc");
    expect([next.exitCode, next.warnings]).toEqual([0, [`Run ${left.id} was left by a process that is gone. How it ended is not known.`]]);
    expect(await newest()).toBeGreaterThan(left.id);
  });

  it("tells whoever wants to know, at its end", async () => {
    const receiver = await startWebReceiver();
    try {
      await saveChannel(contextOf({ user: "a test", host: "here" }, here.db()), SaveChannelInput.parse({ kind: "ping", name: "watch", url: `${receiver.url}/ping` }));
      writeFileSync(path.join(here.home, "data/auth-secret"), process.env["AUTH_SECRET"] ?? "", { mode: 0o600 });
      expect((await here.ask("backup", "bimcalc")).exitCode).toBe(0);
      expect(receiver.requests).toHaveLength(1);
    } finally {
      await receiver.stop();
    }
  });

  it("looks at everything with doctor, each line with what to do", async () => {
    const { data } = await here.ask("doctor");
    const findings = data["findings"] as { id: string; outcome: string; fix: string | null }[];
    const outcome = Object.fromEntries(findings.map((one) => [one.id, one.outcome]));
    expect(outcome).toMatchObject({ node: "ok", record: "ok", migrations: "ok", integrity: "ok", audit: "ok", engine: "ok", "database.bimcalc": "ok", [`database.${odd}`]: "ok", "clock.bimcalc": "ok", "store.backups": "ok", leftovers: "ok", worker: "unknown", secret: "ok", clock: "ok", config: "ok", notifications: "ok", tokens: "ok", "schedule.bimcalc": "warning", "retention.bimcalc": "ok" });
    expect(findings.filter((one) => (one.outcome === "ok") !== (one.fix === null))).toEqual([]);
  });
});

describe("holdfast, with a worker", () => {
  it("leaves its run to the worker, follows it, and may leave at once", async () => {
    const worker = here.worker();
    const gone = ended(worker);
    try {
      const heard = await until("the worker", async () => here.db().worker.findFirst({ where: { stoppedAt: null } }));
      const { out, code, err } = await here.run("holdfast", ["backup", "bimcalc"]);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/^bimcalc: backup [0-9a-f]{8} is readable, 33 records, /);
      const run = await here.db().run.findFirstOrThrow({ where: { kind: "backup" }, orderBy: { id: "desc" } });
      expect([run.workerId, run.initiatorKind]).toEqual([heard.id, "cli"]);
      const queued = await here.ask("backup", "bimcalc", "--no-wait");
      const [{ run: runId }] = (queued.data["runs"] as [{ run: number }]);
      expect(["queued", "running"]).toContain((queued.data["runs"] as [{ status: string }])[0].status);
      expect((await here.run("holdfast", ["runs", String(runId), "--follow"])).code).toBe(0);
    } finally {
      worker.kill("SIGTERM");
      await gone;
    }
  });
});
