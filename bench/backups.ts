import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { findEngine } from "@/lib/docker/engine";
import { execStream } from "@/lib/docker/exec";
import { startBackup } from "@/lib/backup/start";
import { StartBackupInput } from "@/lib/backup/schemas";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { fill, sizes } from "./fill";
import { workerArguments } from "../scripts/lib/worker-arguments.mjs";
import { median, printTable, timed } from "./measure";

interface Way {
  name: string;
  seconds: number[];
  sizeBytes: number | null;
}

interface SizeReport {
  size: string;
  databaseBytes: number;
  ways: { name: string; medianSeconds: number; seconds: number[]; sizeBytes: number | null }[];
  holdfastOverFloor: number;
  proceduresOverHoldfast: number;
  workerMiBAboveIdle: number;
}

/** Times the ways of making a backup against each other, round by round in turn, so that drift of the machine meets all alike. */
export async function benchBackups(rounds: number): Promise<SizeReport[]> {
  const reports: SizeReport[] = [];
  for (const size of sizes) {
    const server = await startPostgres({ user: "bimcalc", database: "bimcalc", labels: { "holdfast.bench": "1" } });
    const holdfast = await testHoldfast();
    try {
      console.log(`\nFilling a database of ${size.name} (${size.items.toLocaleString("en")} price items, ${size.documents.toLocaleString("en")} documents)`);
      await server.psql(fill(size));
      reports.push(await benchSize(size.name, rounds, server, holdfast));
    } finally {
      await holdfast.close();
      await server.stop();
    }
  }
  return reports;
}

async function benchSize(size: string, rounds: number, server: PostgresContainer, holdfast: TestHoldfast): Promise<SizeReport> {
  const databaseBytes = Number(await server.psql("SELECT pg_database_size(current_database())"));
  const databaseId = await holdfast.protect(server);
  const worker = await WorkerProcess.start(holdfast);
  const floor: Way = { name: "pg_dump to /dev/null (floor)", seconds: [], sizeBytes: null };
  const procedures: Way = { name: "procedures: dump, gzip, gzip -t", seconds: [], sizeBytes: null };
  const throughExec: Way = { name: "pg_dump -Fc -Z6 through exec", seconds: [], sizeBytes: null };
  const whole: Way = { name: "Holdfast, whole run", seconds: [], sizeBytes: null };
  let aboveIdle = 0;
  // One round to warm caches, not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const note = (way: Way, milliseconds: number) => {
      if (round > 0) way.seconds.push(milliseconds / 1_000);
      console.log(`  ${round === 0 ? "warm-up" : `round ${round}`}  ${way.name}: ${(milliseconds / 1_000).toFixed(2)} s`);
    };
    note(floor, await timed(() => inContainer(server, ["pg_dump", "-U", "bimcalc", "-d", "bimcalc", "-f", "/dev/null"])));
    note(procedures, await timed(async () => (procedures.sizeBytes = await asTheScriptDoes(server, holdfast.storePath))));
    note(throughExec, await timed(async () => (throughExec.sizeBytes = await dumpThroughExec(server, holdfast.storePath))));
    worker.resetPeak();
    const { milliseconds, sizeBytes } = await worker.backUp(databaseId);
    whole.sizeBytes = sizeBytes;
    aboveIdle = Math.max(aboveIdle, worker.peakAboveIdle());
    note(whole, milliseconds);
  }
  await worker.stop();
  const ways = [floor, procedures, throughExec, whole].map((way) => ({ ...way, medianSeconds: median(way.seconds) }));
  const ratio = (over: Way, under: Way) => median(over.seconds) / median(under.seconds);
  const report = { size, databaseBytes, ways, holdfastOverFloor: ratio(whole, floor), proceduresOverHoldfast: ratio(procedures, whole), workerMiBAboveIdle: aboveIdle };
  print(report);
  return report;
}

function print(report: SizeReport): void {
  console.log(`\n${report.size}: a database of ${(report.databaseBytes / 1e9).toFixed(2)} GB, medians of ${report.ways[0]?.seconds.length ?? 0}`);
  const floor = report.ways[0]?.medianSeconds ?? Number.NaN;
  printTable(
    ["way", "seconds", "× floor", "stored MiB"],
    report.ways.map((way) => [way.name, way.medianSeconds.toFixed(2), (way.medianSeconds / floor).toFixed(2), way.sizeBytes === null ? "" : (way.sizeBytes / 2 ** 20).toFixed(1)]),
  );
  console.log(`\nHoldfast is ${report.holdfastOverFloor.toFixed(2)} × the floor and ${report.proceduresOverHoldfast.toFixed(1)} × faster than the procedures' way; its worker took ${report.workerMiBAboveIdle.toFixed(0)} MiB above idle.`);
}

async function inContainer(server: PostgresContainer, argv: string[]): Promise<void> {
  const { exitCode, stderr } = await server.exec(argv);
  if (exitCode !== 0) throw new Error(`${argv[0]} exited with ${exitCode}: ${stderr}`);
}

/** What the procedures' script does: SQL through exec into a file, gzip, gzip -t. Returns the packed size. */
async function asTheScriptDoes(server: PostgresContainer, directory: string): Promise<number> {
  const file = path.join(directory, "procedures.sql");
  await shell(["docker", "exec", server.name, "pg_dump", "-U", "bimcalc", "-d", "bimcalc"], file);
  await shell(["gzip", "-f", file]);
  await shell(["gzip", "-t", `${file}.gz`]);
  const { size } = statSync(`${file}.gz`);
  rmSync(`${file}.gz`);
  return size;
}

async function shell(argv: string[], output?: string): Promise<void> {
  const [command = "", ...rest] = argv;
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"] });
  const [code] = await Promise.all([
    new Promise<number | null>((resolve) => child.once("close", resolve)),
    output ? pipeline(child.stdout, createWriteStream(output)) : child.stdout.resume(),
  ]);
  if (code !== 0) throw new Error(`${command} exited with ${code}`);
}

async function dumpThroughExec(server: PostgresContainer, directory: string): Promise<number> {
  const file = path.join(directory, "exec.dump");
  const process = await execStream(await findEngine(), { container: server.id, tool: "pg_dump", argv: ["pg_dump", "-U", "bimcalc", "-d", "bimcalc", "-Fc", "-Z6"] });
  process.stdin.end();
  await pipeline(process.stdout, createWriteStream(file));
  const { size } = statSync(file);
  rmSync(file);
  return size;
}

/** The worker as `npm start` runs it, with what it needs of memory read from the kernel. */
class WorkerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly holdfast: TestHoldfast,
    private readonly idleKiB: number,
  ) {}

  static async start(holdfast: TestHoldfast): Promise<WorkerProcess> {
    const child = spawn(process.execPath, workerArguments, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DATABASE_URL: holdfast.url } });
    // Long enough that start-up is over: what is resident then is idle.
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    return new WorkerProcess(child, holdfast, memory(child, "VmRSS"));
  }

  resetPeak(): void {
    // 5 resets the peak of the resident set (manual page proc(5), clear_refs).
    spawn("sh", ["-c", 'echo 5 > "/proc/$1/clear_refs"', "reset", String(this.child.pid)], { stdio: "ignore" });
  }

  peakAboveIdle(): number {
    return (memory(this.child, "VmHWM") - this.idleKiB) / 1024;
  }

  async backUp(databaseId: string): Promise<{ milliseconds: number; sizeBytes: number }> {
    const { db, ctx, storePath } = this.holdfast;
    const { runId } = await startBackup(ctx, StartBackupInput.parse({ databaseId }));
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const run = await db.run.findUniqueOrThrow({ where: { id: runId }, include: { backup: { include: { copies: true } } } });
      if (run.status === "queued" || run.status === "running") continue;
      if (run.status !== "succeeded" || run.backup?.rung !== 3) throw new Error(`The backup ended as ${run.status}: ${run.error}`);
      for (const { key } of run.backup.copies) for (const suffix of ["", ".json", ".roles.sql"]) rmSync(path.join(storePath, key + suffix), { force: true });
      // A store in which nothing is left of what is listed counts as a disk that is not mounted.
      await db.copy.deleteMany({ where: { backupId: run.backupId ?? "" } });
      return { milliseconds: (run.finishedAt?.getTime() ?? 0) - (run.startedAt?.getTime() ?? 0), sizeBytes: Number(run.backup.sizeBytes) };
    }
  }

  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    await new Promise((resolve) => this.child.once("exit", resolve));
  }
}

function memory(child: ChildProcess, field: "VmRSS" | "VmHWM"): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]);
}
