import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { BackupOptions, CheckDatabaseInput, DatabaseCheck, type CheckLine } from "@/lib/databases/schemas";
import { startCheckDatabase } from "@/lib/databases/start";
import { runErrors } from "@/lib/runs/errors";
import { cancelRun } from "@/lib/runs/cancel";
import { readRetained } from "@/lib/retention/read";
import { startCheckStore } from "@/lib/stores/manage";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { testHoldfast, type FinishedRun, type TestHoldfast } from "@/lib/testing/holdfast";
import { engineProxy } from "@/lib/testing/worker-process";
import { adoptLeft } from "@/lib/worker/adopt";
import { startDeleteBackup, startVerifyBackup } from "./change";
import { StartBackupInput } from "./schemas";
import { startBackup } from "./start";

let server: PostgresContainer;
let holdfast: TestHoldfast;

/** Enough that a dump takes seconds: there has to be time to break it. */
const bigTable = "CREATE TABLE big AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS filling FROM generate_series(1, 1500000) g";

beforeAll(async () => {
  server = await startPostgres({ user: "bimcalc", database: "bimcalc", hostConfig: { Tmpfs: { "/tmp": "size=16m" } } });
  await server.psql(`CREATE TABLE small AS SELECT generate_series(1, 10) AS id; ${bigTable}`);
});
afterAll(() => server.stop());
beforeEach(async () => {
  holdfast = await testHoldfast();
});
afterEach(() => holdfast.close());

/** Starts a backup, waits until bytes arrive in the store, does `deed`, and returns how the run ended. */
async function during(deed: (runId: number) => Promise<unknown>, input: Partial<StartBackupInput> = {}): Promise<FinishedRun> {
  const databaseId = await holdfast.protect(server);
  const { runId } = await startBackup(holdfast.ctx, StartBackupInput.parse({ databaseId, ...input }));
  let isOver = false;
  const finished = holdfast.work(runId).finally(() => (isOver = true));
  const partial = () => holdfast.files().find((name) => name.startsWith(".holdfast-partial-"));
  const hasBytes = () => statSync(path.join(holdfast.storePath, partial() ?? "."), { throwIfNoEntry: false })?.size ?? 0;
  while (!isOver && (!partial() || hasBytes() < 1 << 20)) await new Promise((resolve) => setTimeout(resolve, 20));
  await deed(runId);
  return finished;
}

/** Processes of runs that are still in the container. */
async function leftInside(): Promise<string> {
  const script = `for p in /proc/[0-9]*; do tr '\\000' '\\n' < $p/environ 2>/dev/null | grep -q '^HOLDFAST_RUN=' && cat $p/comm; done; true`;
  return (await server.exec(["sh", "-c", script], { user: "root" })).stdout;
}

/** Whether the server took one of our processes for a crashed one of its own, and restarted everything. */
async function hasCrashed(): Promise<boolean> {
  const log = (await engine.getContainer(server.id).logs({ stdout: true, stderr: true })).toString();
  return log.includes("terminating any other active server processes");
}

/** Does something to each program of that name inside the container, waiting for the first one. */
async function signalInside(signal: "KILL" | "STOP", program: string): Promise<void> {
  const script = `
    while [ -z "$found" ]; do
      for p in /proc/[0-9]*; do
        comm=
        { read -r comm < "$p/comm"; } 2>/dev/null
        if [ "$comm" = "$2" ]; then kill -s "$1" "\${p#/proc/}" && found=1; fi
      done
    done`;
  expect(await server.exec(["timeout", "60", "sh", "-c", script, "signal", signal, program], { user: "root" })).toMatchObject({ exitCode: 0 });
}

async function eventually(check: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await check()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function untilUp(): Promise<void> {
  expect(await eventually(async () => (await server.exec(["pg_isready", "-q", "-h", "127.0.0.1"])).exitCode === 0)).toBe(true);
}

describe("a backup that is broken while it runs leaves nothing under a final name", () => {
  it("says that pg_dump was killed", async () => {
    const run = await during(() => signalInside("KILL", "pg_dump"));
    expect(run.problem).toMatchObject({ code: "backup.dump_killed", message: expect.stringMatching(/^pg_dump was killed/) as string });
    expect(run.status).toBe("failed");
    expect(holdfast.files()).toEqual([]);
    expect(run.backup).toBeNull();
    expect(await hasCrashed()).toBe(false);
  });

  it("says that the compressor was what stopped, though pg_dump ends with it", async () => {
    const run = await during(() => signalInside("KILL", "zstd"));
    expect(run.problem).toMatchObject({ code: "backup.compressor_failed" });
    expect(holdfast.files()).toEqual([]);
    expect(await leftInside()).toBe("");
  });

  it("says that pg_dump stopped, with its words, when the server ends its session", async () => {
    const run = await during(() => server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'holdfast %' AND query LIKE 'COPY %'"));
    expect(run.problem).toMatchObject({ code: "backup.dump_failed", toolOutput: expect.stringContaining("error:") as string });
    expect(holdfast.files()).toEqual([]);
  });

  it("says so too when the server lets nobody in any more, and calls that no restart", async () => {
    const elsewhere = { database: "postgres" };
    const run = await during(() =>
      server.psql("ALTER DATABASE bimcalc ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'holdfast %' AND query LIKE 'COPY %'", elsewhere),
    ).finally(() => server.psql("ALTER DATABASE bimcalc ALLOW_CONNECTIONS true", elsewhere));
    expect(run.problem).toMatchObject({ code: "backup.dump_failed", toolOutput: expect.stringContaining("error:") as string });
  });

  it("takes two of the server's connections while it dumps: for the snapshot and for pg_dump", async () => {
    const connections = () => server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'holdfast %-r%'");
    let isSo = false;
    await during(async () => {
      await signalInside("STOP", "pg_dump");
      isSo = await eventually(async () => (await connections()) === "2");
      await signalInside("KILL", "pg_dump");
    });
    expect(isSo).toBe(true);
  });

  it.each([
    ["the container stops", "container_went_away", /^The container .* stopped while the roles of bimcalc were dumped/, () => engine.getContainer(server.id).kill()],
    ["the server ends its session", "dump_failed", /^pg_dumpall of bimcalc stopped/, () => server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%shobj_description%' AND wait_event_type = 'Lock'")],
    ["pg_dumpall is killed", "dump_killed", /^pg_dumpall was killed/, () => signalInside("KILL", "pg_dumpall")],
  ] as const)("says what befell the roles, before anything was dumped: %s", async (_, code, message, deed) => {
    const lock = server.psql("BEGIN; LOCK TABLE pg_shdescription IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(100); COMMIT").catch(() => undefined);
    const locks = "FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'pg_shdescription'::regclass";
    await eventually(async () => (await server.psql(`SELECT count(*) ${locks}`)) === "1");
    const databaseId = await holdfast.protect(server);
    const { runId } = await startBackup(holdfast.ctx, StartBackupInput.parse({ databaseId }));
    const finished = holdfast.work(runId);
    expect(await eventually(async () => (await server.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%shobj_description%' AND wait_event_type = 'Lock'")) === "1")).toBe(true);
    expect(holdfast.files()).toEqual([expect.stringMatching(/^\.holdfast-partial-.*\.roles\.sql$/)]);
    await deed();
    const run = await finished;
    expect(run.problem).toMatchObject({ code: `backup.${code}`, message: expect.stringMatching(message) as string });
    expect(holdfast.files()).toEqual([]);
    if (code === "container_went_away") await engine.getContainer(server.id).start().then(untilUp);
    else await server.psql(`SELECT pg_terminate_backend(pid) ${locks}`);
    await lock;
  });

  it("stops pg_dump inside the container when it is cancelled", async () => {
    const run = await during((runId) => cancelRun(holdfast.ctx, { runId }));
    expect(run).toMatchObject({ status: "cancelled", problem: { code: "run.cancelled" } });
    expect(holdfast.files()).toEqual([]);
    expect(await leftInside()).toBe("");
    expect(await hasCrashed()).toBe(false);
  });

  it("gives up its place inside the server when it is cancelled while it waits for a lock", async () => {
    const lock = server.psql("BEGIN; LOCK TABLE big IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(100); COMMIT").catch(() => undefined);
    await eventually(async () => (await server.psql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'big'::regclass")) === "1");
    const databaseId = await holdfast.protect(server);
    const { runId } = await startBackup(holdfast.ctx, StartBackupInput.parse({ databaseId }));
    const finished = holdfast.work(runId);
    const waiting = () => server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'holdfast %' AND wait_event_type = 'Lock'");
    expect(await eventually(async () => (await waiting()) === "1")).toBe(true);
    await cancelRun(holdfast.ctx, { runId });
    expect((await finished).status).toBe("cancelled");
    // Still locked: it ended because it was cancelled, not because its turn came.
    expect(await server.psql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'big'::regclass")).toBe("1");
    expect(await server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'holdfast %-r%'")).toBe("0");
    expect(await leftInside()).toBe("");
    await server.psql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'big'::regclass");
    await lock;
    expect(await hasCrashed()).toBe(false);
  });

  it("stops cleanly when the worker is told to stop", async () => {
    const stop = new AbortController();
    const databaseId = await holdfast.protect(server);
    const { runId } = await startBackup(holdfast.ctx, StartBackupInput.parse({ databaseId }));
    const finished = holdfast.work(runId, stop.signal);
    setTimeout(() => stop.abort(runErrors.stopping({})), 700);
    expect(await finished).toMatchObject({ status: "cancelled", problem: { code: "run.stopping" } });
    expect(holdfast.files()).toEqual([]);
    expect(await leftInside()).toBe("");
    expect(await hasCrashed()).toBe(false);
  });

  it("says that the server was restarted", async () => {
    const run = await during(async () => {
      // However long the restart takes to begin, the dump is not over by then.
      await signalInside("STOP", "pg_dump");
      await engine.getContainer(server.id).restart({ t: 1 });
    });
    expect(run.problem).toMatchObject({ code: "backup.server_restarted" });
    expect(holdfast.files()).toEqual([]);
    await untilUp();
  });

  it("says that the container went away", async () => {
    const run = await during(() => engine.getContainer(server.id).kill());
    expect(run.problem).toMatchObject({ code: "backup.container_went_away", hint: `Start it with: docker start ${server.name}` });
    expect(holdfast.files()).toEqual([]);
    await engine.getContainer(server.id).start();
    await untilUp();
  });

  it("says that the Engine went away", async () => {
    const proxy = await engineProxy();
    vi.stubEnv("DOCKER_HOST", proxy.address);
    const run = await during(async () => proxy.cut());
    vi.unstubAllEnvs();
    await proxy.close();
    expect(run).toMatchObject({ status: "failed", problem: { kind: "unavailable", code: expect.stringMatching(/^docker\.(connection_lost|unreachable)$/) } });
    expect(holdfast.files()).toEqual([]);
    // What runs on in the container is the sweep's, once the Engine answers again.
    await server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'holdfast %-r%'");
  });

  it("says that the container's disk is full when a directory dump fills it, and how little was free then", async () => {
    const run = await holdfast.backUp(await holdfast.protect(server, { options: { format: "directory" } }));
    expect(run.problem).toMatchObject({ code: "backup.container_full", message: expect.stringMatching(/\(\d+\s(B|KiB) free in \/tmp\)/) });
    expect(run.events.some((event) => event.type === "warning" && event.message.includes("/tmp inside"))).toBe(true);
    expect(holdfast.files()).toEqual([]);
    expect(await leftInside()).toBe("");
    expect((await server.exec(["sh", "-c", "ls -d /tmp/holdfast-* 2>/dev/null || true"])).stdout).toBe("");
  });

  it("says that the store's disk is full, and keeps the earlier backup", async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-full-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256m", "tmpfs", directory]);
    const full = await testHoldfast({ storePath: directory });
    try {
      const databaseId = await full.protect(server);
      const first = await full.backUp(databaseId);
      expect(first.status).toBe("succeeded");
      const before = full.files();
      // Room for the estimate while it is made, none once the dump runs.
      const { runId } = await startBackup(full.ctx, StartBackupInput.parse({ databaseId }));
      const finished = full.work(runId);
      while (!full.files().some((name) => name.startsWith(".holdfast-partial-"))) await new Promise((resolve) => setTimeout(resolve, 5));
      // dd ends with an error exactly when it has filled the disk.
      const fill = (name: string) => expect(() => execFileSync("dd", ["if=/dev/zero", `of=${directory}/${name}`, "bs=64K"], { stdio: "ignore" })).toThrow();
      fill(".filler");
      const run = await finished;
      expect(run.problem).toMatchObject({ code: "store.full" });
      expect(full.files().filter((name) => name !== ".filler")).toEqual(before);
      expect(await full.db.backup.count()).toBe(1);

      // Its test fails, and yet what lies there counts and can be removed: nothing else makes room.
      fill(".filler too");
      const check = await full.work((await startCheckStore(full.ctx, { storeId: full.storeId })).runId);
      expect(JSON.parse(check.result ?? "null")).toMatchObject({ outcome: "failed", detail: expect.stringContaining("full") as string });
      expect(await full.db.store.findUniqueOrThrow({ where: { id: full.storeId } })).toMatchObject({ problem: null, checkedAt: expect.any(Date) as Date });
      expect(await readRetained(full.db, databaseId, new Date())).toHaveLength(1);
      const { runId: deletion } = await startDeleteBackup(full.ctx, { backupId: first.backup?.id ?? "", phrase: "bimcalc", reason: "to make room" });
      expect((await full.work(deletion)).problem).toBeNull();
      expect(full.files()).toEqual([".filler", ".filler too"]);
    } finally {
      execFileSync("umount", ["-l", directory]);
      await full.close();
    }
  });
});

describe("a stored backup that cannot be decoded just now is not called damaged", () => {
  // Its decoding takes long enough to be caught at it, and the room in /tmp is enough for it.
  beforeAll(() => server.psql("CREATE TABLE medium AS SELECT * FROM big WHERE id <= 150000"));
  afterAll(() => server.psql("DROP TABLE medium"));

  /** Verifies a backup, does `deed` while it is decoded, and returns how that ended. */
  async function whileDecoding(format: "custom" | "directory", deed: () => Promise<unknown>): Promise<FinishedRun> {
    const { backup } = await holdfast.backUp(await holdfast.protect(server, { options: { format, excludeTables: ["big"] } }));
    const { runId } = await startVerifyBackup(holdfast.ctx, { backupId: backup?.id ?? "" });
    const finished = holdfast.work(runId);
    await signalInside("STOP", "pg_restore");
    await deed();
    const run = await finished;
    expect(run.problem?.message).toContain("That says nothing of the file");
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backup?.id ?? "" } })).toMatchObject({ rung: 3, problem: null });
    return run;
  }

  it("when the container stops under a backup", async () => {
    const run = await during(async () => {
      await signalInside("STOP", "pg_restore");
      await engine.getContainer(server.id).kill();
    });
    expect(run.problem).toMatchObject({ code: "backup.container_went_away", message: expect.stringMatching(/stopped while bimcalc_.*\.dump\.zst was decoded/) as string, hint: `Start it with: docker start ${server.name}` });
    expect(run.backup).toMatchObject({ rung: 2, problem: null });
    await engine.getContainer(server.id).start();
    await untilUp();
  });

  it("when the container is restarted", async () => {
    const run = await whileDecoding("custom", () => engine.getContainer(server.id).restart({ t: 1 }));
    expect(run.problem).toMatchObject({ code: "backup.server_restarted", hint: expect.stringContaining("Then verify the backup") as string });
    await untilUp();
  });

  it.each(["custom", "directory"] as const)("when pg_restore is killed: %s", async (format) => {
    const run = await whileDecoding(format, () => signalInside("KILL", "pg_restore"));
    expect(run.problem).toMatchObject({ code: "backup.decode_killed", message: expect.stringMatching(/^pg_restore was killed/) as string });
    expect((await server.exec(["sh", "-c", "ls -d /tmp/holdfast-* 2>/dev/null || true"])).stdout).toBe("");
  });

  it.each([
    ["zstd", "custom"],
    ["tar", "directory"],
  ] as const)("when %s is not in the container any more", async (tool, format) => {
    const { backup } = await holdfast.backUp(await holdfast.protect(server, { options: { format, excludeTables: ["big"] } }));
    const { stdout } = await server.exec(["sh", "-c", `command -v ${tool}`]);
    await server.exec(["mv", stdout.trim(), `${stdout.trim()}.away`], { user: "root" });
    const { runId } = await startVerifyBackup(holdfast.ctx, { backupId: backup?.id ?? "" });
    const run = await holdfast.work(runId);
    await server.exec(["mv", `${stdout.trim()}.away`, stdout.trim()], { user: "root" });
    expect(run.problem).toMatchObject({ code: "postgres.no_tools", message: `${server.name} has no ${tool}.` });
  });

  it("when the container may have no more processes", async () => {
    const { backup } = await holdfast.backUp(await holdfast.protect(server, { options: { format: "custom", excludeTables: ["big"] } }));
    const tool = (await server.exec(["sh", "-c", "command -v pg_restore"])).stdout.trim();
    // The shell around pg_restore ends without a word, as where it cannot fork.
    await server.exec(["sh", "-c", 'mv "$1" "$1.away" && printf "#!/bin/sh\\nkill -9 \\$PPID\\n" > "$1" && chmod +x "$1"', "sh", tool], { user: "root" });
    const { runId } = await startVerifyBackup(holdfast.ctx, { backupId: backup?.id ?? "" });
    const run = await holdfast.work(runId);
    await server.exec(["mv", `${tool}.away`, tool], { user: "root" });
    expect(run.problem).toMatchObject({ code: "backup.decode_not_started", message: expect.stringMatching(/^pg_restore could not be started inside .* That says nothing of the file/) as string });
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backup?.id ?? "" } })).toMatchObject({ rung: 3, problem: null });
  });

  it("when there is no room inside the container to unpack it", async () => {
    const { backup } = await holdfast.backUp(await holdfast.protect(server, { options: { format: "directory", excludeTables: ["big"] } }));
    await server.exec(["dd", "if=/dev/zero", "of=/tmp/filler", "bs=4K"], { user: "root" });
    const { runId } = await startVerifyBackup(holdfast.ctx, { backupId: backup?.id ?? "" });
    const run = await holdfast.work(runId);
    await server.exec(["rm", "/tmp/filler"], { user: "root" });
    expect(run.problem).toMatchObject({ code: "backup.container_full", hint: expect.stringContaining("then verify the backup") as string });
  });
});

/** A line of the test of a database. */
async function lineOf(databaseId: string, id: CheckLine["id"], { db, ctx, work }: TestHoldfast = holdfast): Promise<CheckLine | undefined> {
  const { container, role, databaseName, storeId } = await db.database.findUniqueOrThrow({ where: { id: databaseId } });
  const { runId } = await startCheckDatabase(ctx, CheckDatabaseInput.parse({ container, role, databaseName, storeId, databaseId }));
  return DatabaseCheck.parse(JSON.parse((await work(runId)).result ?? "null")).lines.find((line) => line.id === id);
}

describe("a backup that cannot work is refused with what to do", () => {
  it("names the command that starts a stopped container", async () => {
    const other = await startPostgres();
    const databaseId = await holdfast.protect(other);
    await engine.getContainer(other.id).stop({ t: 1 });
    const run = await holdfast.backUp(databaseId);
    expect(run.problem).toMatchObject({ code: "docker.container_stopped", hint: `Start it with: docker start ${other.name}` });
    await other.stop();
    expect((await holdfast.backUp(databaseId)).problem).toMatchObject({ code: "docker.container_missing" });
  });

  it("names the tables that the role may not read", async () => {
    await server.psql(`DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT SELECT ON small TO reader`);
    const databaseId = await holdfast.protect(server, { role: "reader" });
    const run = await holdfast.backUp(databaseId);
    expect(run.problem).toMatchObject({ code: "postgres.unreadable_tables" });
    expect(run.problem?.message).toContain("public.big");
    expect(run.problem?.message).not.toContain("small");
  });

  it("refuses rows that row-level security would hide instead of storing fewer", async () => {
    await server.psql(`CREATE TABLE guarded (id int, tenant text); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON guarded USING (tenant = current_user); INSERT INTO guarded VALUES (1, 'a'); DROP ROLE IF EXISTS limited; CREATE ROLE limited LOGIN IN ROLE pg_read_all_data`);
    const run = await holdfast.backUp(await holdfast.protect(server, { role: "limited" }));
    await server.psql("DROP TABLE guarded");
    expect(run.problem).toMatchObject({ code: "postgres.unreadable_tables" });
    expect(run.problem?.message).toContain("public.guarded");
  });

  it("knows a role and a database that do not exist", async () => {
    expect((await holdfast.backUp(await holdfast.protect(server, { role: "nobody-here" }))).problem).toMatchObject({ code: "postgres.refused" });
    expect((await holdfast.backUp(await holdfast.protect(server, { databaseName: "nowhere" }))).problem).toMatchObject({ code: "postgres.database_missing" });
  });

  it("says that the engine does not answer", async () => {
    const databaseId = await holdfast.protect(server);
    process.env["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
    try {
      expect((await holdfast.backUp(databaseId)).problem).toMatchObject({ code: "docker.unreachable" });
    } finally {
      delete process.env["DOCKER_HOST"];
    }
  });

  it("refuses a directory dump for which the container has less room than the last one took, and so does the test of the database", async () => {
    const databaseId = await holdfast.protect(server, { options: { format: "directory", excludeTables: ["big"] } });
    expect((await holdfast.backUp(databaseId)).problem).toBeNull();
    expect(await lineOf(databaseId, "container_space")).toMatchObject({ outcome: "passed", detail: expect.stringContaining(server.name) as string });
    await holdfast.db.backup.updateMany({ data: { sizeBytes: 32n << 20n } });
    expect((await holdfast.backUp(databaseId)).problem).toMatchObject({ code: "backup.container_too_small" });
    expect(await lineOf(databaseId, "container_space")).toMatchObject({ outcome: "failed", hint: expect.stringContaining("custom format") as string });
    await holdfast.db.database.update({ where: { id: databaseId }, data: { options: "{}" } });
    expect(await lineOf(databaseId, "container_space")).toBeUndefined();
  });

  it("names a store that cannot be written before a row is counted, and so does the test of the database", async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-read-only-"));
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", directory]);
    const closed = await testHoldfast({ storePath: directory });
    try {
      const databaseId = await closed.protect(server);
      expect(await lineOf(databaseId, "space", closed)).toMatchObject({ outcome: expect.stringMatching(/^(passed|warning)$/) as string });
      execFileSync("mount", ["-o", "remount,ro", directory]);
      const run = await closed.backUp(databaseId);
      expect(run.problem).toMatchObject({ code: "store.unwritable", message: expect.stringContaining("read-only") as string });
      expect(run.events.some(({ step }) => step === "snapshot")).toBe(false);
      expect(await lineOf(databaseId, "space", closed)).toMatchObject({ outcome: "failed", detail: expect.stringContaining("read-only") as string });
    } finally {
      execFileSync("umount", ["-l", directory]);
      await closed.close();
    }
  });

  it("takes a first backup that may not fit, because how much it needs is a guess, and says so", async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-tight-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=32m", "tmpfs", directory]);
    const tight = await testHoldfast({ storePath: directory });
    try {
      const run = await tight.backUp(await tight.protect(server, { options: { format: "custom", excludeTables: ["big"] } }));
      expect(run.problem).toBeNull();
      expect(run.events.some((event) => event.type === "warning" && event.message.includes("a guess as long as there is no earlier one"))).toBe(true);
    } finally {
      execFileSync("umount", ["-l", directory]);
      await tight.close();
    }
  });

  it("refuses a first backup where the disk is as good as full", async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-none-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", directory]);
    const none = await testHoldfast({ storePath: directory });
    try {
      expect((await none.backUp(await none.protect(server))).problem).toMatchObject({ code: "store.too_little_space" });
    } finally {
      execFileSync("umount", ["-l", directory]);
      await none.close();
    }
  });

  it("names a role that may not read password hashes before the dump starts, and so does the test of the database", async () => {
    await server.psql("DROP ROLE IF EXISTS modest; CREATE ROLE modest LOGIN; GRANT SELECT ON small, big TO modest");
    const databaseId = await holdfast.protect(server, { role: "modest", options: { includeRolePasswords: true } });
    const run = await holdfast.backUp(databaseId);
    expect(run.problem).toMatchObject({ code: "postgres.passwords_unreadable", hint: expect.stringContaining('GRANT SELECT ON pg_catalog.pg_authid TO "modest"') });
    expect(run.events.some(({ step }) => step === "dump")).toBe(false);
    expect(await lineOf(databaseId, "roles_passwords")).toMatchObject({ outcome: "failed", hint: expect.stringContaining("pg_authid") });
    await server.psql("GRANT SELECT ON pg_catalog.pg_authid TO modest");
    expect((await holdfast.backUp(databaseId)).problem).toBeNull();
    expect(await lineOf(databaseId, "roles_passwords")).toMatchObject({ outcome: "passed" });
  });

  it.each([
    ["pg_dumpall", "custom"],
    ["tar", "directory"],
  ] as const)("names a missing %s before the dump starts, and so does the test of the database", async (tool, format) => {
    const bare = await startPostgres({ user: "bimcalc", database: "bimcalc" });
    try {
      await bare.psql("CREATE TABLE t AS SELECT 1 AS id");
      await bare.exec(["sh", "-c", `while path=$(command -v ${tool}); do rm -f "$path"; done; rm -f /usr/lib/postgresql/*/bin/${tool}`], { user: "root" });
      const databaseId = await holdfast.protect(bare, { options: { format } });
      const run = await holdfast.backUp(databaseId);
      expect(run.problem).toMatchObject({ code: "postgres.no_tools", message: expect.stringContaining(`has no ${tool}`) });
      expect(run.events.some(({ step }) => step === "dump")).toBe(false);
      expect(await lineOf(databaseId, "tools")).toMatchObject({ outcome: "failed", detail: expect.stringContaining(tool) });
    } finally {
      await bare.stop();
    }
  });

  it("refuses an exclusion that matches nothing, and leaves out what does match", async () => {
    const options = { format: "custom" as const, excludeTables: ["bigger"] };
    const databaseId = await holdfast.protect(server, { options });
    expect((await holdfast.backUp(databaseId)).problem).toMatchObject({ code: "postgres.no_match" });
    const run = await holdfast.backUp(databaseId, { options: { format: "custom", excludeTables: ["BIG"], compressionLevel: null, jobs: 2, excludeTableData: [], includeRolePasswords: false } });
    expect(run.backup).toMatchObject({ isPartial: true, rows: 10n, tables: 1 });
    expect((await holdfast.backUp(databaseId, { options: BackupOptions.parse({ format: "custom", excludeTables: ["*"] }) })).problem).toMatchObject({ code: "backup.nothing_to_dump" });
  });

  it("does not take an empty database for protection", async () => {
    await server.psql("CREATE DATABASE hollow", { database: "postgres" });
    const run = await holdfast.backUp(await holdfast.protect(server, { databaseName: "hollow" }));
    expect(run.problem).toMatchObject({ code: "backup.nothing_to_dump" });
    expect(holdfast.files()).toEqual([]);
  });

  it("puts nothing on record once its run was taken for lost, and leaves the whole file to those who look for such", async () => {
    const databaseId = await holdfast.protect(server, { options: { format: "custom", excludeTables: ["big"] } });
    // The worker sleeps from the last time that it renews its lease. Its regular heartbeat would come before.
    vi.useFakeTimers({ toFake: ["setInterval"] });
    await holdfast.db.$executeRawUnsafe(`CREATE TRIGGER asleep AFTER UPDATE OF "heartbeatAt" ON "Run" WHEN NEW."step" = 'dump' BEGIN UPDATE "Run" SET "status" = 'lost' WHERE "id" = NEW."id"; END`);
    const run = await holdfast.backUp(databaseId).finally(() => vi.useRealTimers());
    expect([run.status, run.backupId, await holdfast.db.backup.count(), await holdfast.db.copy.count()]).toEqual(["lost", null, 0, 0]);
    expect(holdfast.files()).toEqual([expect.stringMatching(/\.dump\.zst$/), expect.stringMatching(/\.json$/), expect.stringMatching(/\.roles\.sql$/)]);
    await holdfast.db.run.update({ where: { id: run.id }, data: { finishedAt: new Date() } });
    await adoptLeft(holdfast.worker);
    expect(await holdfast.db.backup.findMany({ include: { copies: true } })).toMatchObject([{ rung: 1, deletedAt: null, copies: [{ key: holdfast.files()[0] }] }]);
  });

  it("does not start a second backup of the same database", async () => {
    const databaseId = await holdfast.protect(server);
    await startBackup(holdfast.ctx, StartBackupInput.parse({ databaseId }));
    await expect(startBackup(holdfast.ctx, StartBackupInput.parse({ databaseId }))).rejects.toMatchObject({ code: "run.already_active" });
  });

  it("does not mistake a new server under an old name for the database it knew", async () => {
    const databaseId = await holdfast.protect(server, { options: { format: "custom", excludeTables: ["big"] } });
    expect((await holdfast.backUp(databaseId)).status).toBe("succeeded");
    await holdfast.db.database.update({ where: { id: databaseId }, data: { systemIdentifier: "1234567890" } });
    expect((await holdfast.backUp(databaseId)).problem).toMatchObject({ code: "postgres.other_server" });
  });
});

describe("a backup goes to the server in its own container", () => {
  it("whatever the container's environment says of other servers", async () => {
    const decoy = await startPostgres({ user: "bimcalc", database: "bimcalc", password: "same" });
    await decoy.psql("CREATE TABLE wrong_server AS SELECT 1 AS id");
    const { NetworkSettings } = await engine.getContainer(decoy.id).inspect();
    const address = NetworkSettings.Networks["bridge"]?.IPAddress ?? "";
    // Initialised without the misleading environment, then started again with it, as a person would by editing a compose file.
    const data = mkdtempSync(path.join(os.tmpdir(), "holdfast-misled-"));
    const hostConfig = { Binds: [`${data}:/var/lib/postgresql/data`] };
    const first = await startPostgres({ user: "bimcalc", database: "bimcalc", hostConfig });
    await first.psql("CREATE TABLE right_server AS SELECT 1 AS id");
    await engine.getContainer(first.id).stop();
    const misleading = { PGHOST: address, PGHOSTADDR: address, PGPASSWORD: "same", PGOPTIONS: "-c search_path=nowhere", PGSERVICE: "elsewhere" };
    const misled = await startPostgres({ user: "bimcalc", database: "bimcalc", hostConfig, env: misleading, wait: false });
    try {
      expect(await eventually(async () => (await misled.exec(["test", "-S", "/var/run/postgresql/.s.PGSQL.5432"])).exitCode === 0)).toBe(true);
      const run = await holdfast.backUp(await holdfast.protect(misled));
      expect(run.problem).toBeNull();
      expect(run.backup?.manifest?.content).toContain("right_server");
      expect(run.backup?.manifest?.content).not.toContain("wrong_server");
      const key = run.backup?.copies[0]?.key ?? "";
      const sql = execFileSync("docker", ["exec", "-i", decoy.name, "sh", "-c", "zstd -dc | pg_restore -f -"], { input: readFileSync(path.join(holdfast.storePath, key)) }).toString();
      expect(sql).toContain("right_server");
      expect(sql).not.toContain("wrong_server");
    } finally {
      await Promise.all([decoy.stop(), misled.stop(), first.stop()]);
      rmSync(data, { recursive: true, force: true });
    }
  });

  it.each(['we"ird; name', "Ünïcode", "two words", "UPPER", "a=b", "postgresql://x", "$(reboot)", "-d"])("when its database is called %s", async (name) => {
    await server.psql(`CREATE DATABASE "${name.replaceAll('"', '""')}"`, { database: "postgres" });
    const quoted = `"${name.replaceAll('"', '""')}"`;
    await server.exec(["sh", "-c", `PGDATABASE="$1" exec psql -XAtq -U bimcalc`, "psql", name], { input: `CREATE SCHEMA ${quoted}; CREATE TABLE ${quoted}.${quoted} AS SELECT generate_series(1, 3) AS ${quoted}; CREATE ROLE ${quoted} LOGIN SUPERUSER;` });
    const run = await holdfast.backUp(await holdfast.protect(server, { databaseName: name, role: name }));
    expect(run.problem).toBeNull();
    expect(run.backup).toMatchObject({ rung: 3, rows: 3n });
  });
});

it("dumps a database whose bytes are no UTF-8 as they are", async () => {
  await server.psql("CREATE DATABASE legacy ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0", { database: "postgres" });
  await server.psql("CREATE TABLE names AS SELECT 1 AS id, E'caf\\xe9'::text AS name", { database: "legacy" });
  for (const format of ["custom", "plain"] as const) {
    const run = await holdfast.backUp(await holdfast.protect(server, { databaseName: "legacy", options: { format } }));
    expect(run.problem).toBeNull();
    expect(run.backup).toMatchObject({ rung: 3, rows: 1n });
    await holdfast.db.database.updateMany({ data: { removedAt: new Date() } });
  }
});

it("works without zstd in the container, and says so", async () => {
  const plain = await startPostgres({ user: "bimcalc", database: "bimcalc" });
  await plain.psql("CREATE TABLE t AS SELECT generate_series(1, 100) AS id");
  await plain.exec(["sh", "-c", "rm -f $(command -v zstd)"], { user: "root" });
  const run = await holdfast.backUp(await holdfast.protect(plain));
  await plain.stop();
  expect(run.problem).toBeNull();
  expect(run.backup).toMatchObject({ rung: 3 });
  expect(run.backup?.copies[0]?.key).toMatch(/\.dump$/);
  expect(run.events.some((event) => event.type === "warning" && event.message.includes("no zstd"))).toBe(true);
});

it("carries roles without their passwords, or with them when asked", async () => {
  await server.psql("DROP ROLE IF EXISTS secretive; CREATE ROLE secretive LOGIN PASSWORD 'hush'");
  const databaseId = await holdfast.protect(server, { options: { format: "custom", excludeTables: ["big"] } });
  const roles = (run: FinishedRun) => readFileSync(path.join(holdfast.storePath, run.backup?.copies[0]?.rolesKey ?? ""), "utf8");
  const without = roles(await holdfast.backUp(databaseId));
  expect(without).toContain("CREATE ROLE secretive");
  expect(without).not.toContain("SCRAM-SHA-256");
  const withThem = roles(await holdfast.backUp(databaseId, { options: { format: "custom", compressionLevel: null, jobs: 2, excludeTables: ["big"], excludeTableData: [], includeRolePasswords: true } }));
  expect(withThem).toContain("SCRAM-SHA-256");
});
