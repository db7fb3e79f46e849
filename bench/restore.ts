import { createReadStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { findEngine } from "@/lib/docker/engine";
import { execStream } from "@/lib/docker/exec";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { restoreDatabase } from "@/lib/testing/restore";
import { fill, largeSize, sizes } from "./fill";
import { median, printTable, timed } from "./measure";

interface Way {
  name: string;
  seconds: number[];
}

export interface RestoreReport {
  size: string;
  databaseBytes: number;
  ways: { name: string; medianSeconds: number; seconds: number[] }[];
  /** Whole run of Holdfast, verification and statistics included, over the fastest pg_restore by hand, which does neither: of an archive that lies unpacked in the container. */
  overByHand: number;
  /** The same over what a person can do who has what Holdfast has: the stored file. */
  overFromFile: number;
  /** What a client saw: last answer before to first answer after, asked every 10 ms. */
  downtimeMs: { median: number; all: number[] };
  phases: Record<string, number>;
}

/** Restores databases of three sizes by hand and by Holdfast, round by round in turn, while a client asks the live one all the time. */
export async function benchRestores(rounds: number): Promise<RestoreReport[]> {
  const reports: RestoreReport[] = [];
  for (const size of [...sizes, largeSize]) {
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
  printTable(
    ["restore of", "Holdfast s", "by hand s", "×", "from the file s", "×", "downtime ms", "longest ms"],
    reports.map((report) => [report.size, seconds(report, "Holdfast, whole run"), Math.min(...byHand(report)).toFixed(2), report.overByHand.toFixed(2), seconds(report, fromStoredFile), report.overFromFile.toFixed(2), report.downtimeMs.median.toFixed(0), Math.max(...report.downtimeMs.all).toFixed(0)]),
  );
  return reports;
}

const seconds = (report: RestoreReport, name: string) => (report.ways.find((way) => way.name === name)?.medianSeconds ?? Number.NaN).toFixed(2);
const fromStoredFile = "by hand from the stored file, -j2";
/** By hand where the file lies unpacked in the container already. */
const isPgRestore = (way: { name: string }) => way.name.startsWith("pg_restore");
const byHand = (report: RestoreReport) => report.ways.filter(isPgRestore).map((way) => way.medianSeconds);

async function benchSize(size: string, rounds: number, server: PostgresContainer, holdfast: TestHoldfast): Promise<RestoreReport> {
  const databaseBytes = Number(await server.psql("SELECT pg_database_size(current_database())"));
  const databaseId = await holdfast.protect(server);
  const { backup, problem } = await holdfast.backUp(databaseId);
  if (!backup || problem) throw new Error(`The backup failed: ${problem?.message}`);
  const key = backup.copies[0]?.key ?? "";
  const file = path.join(holdfast.storePath, key);
  await layDown(server, file);
  const ways: Way[] = [1, 2].map((jobs) => ({ name: `pg_restore -j${jobs} by hand`, seconds: [] }));
  // What a person has at night is the stored file: this is from there.
  const fromFile: Way = { name: fromStoredFile, seconds: [] };
  const whole: Way = { name: "Holdfast, whole run", seconds: [] };
  const gaps: number[] = [];
  const phases: Record<string, number[]> = {};
  // One round to warm caches, not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const note = (way: Way, milliseconds: number) => {
      if (round > 0) way.seconds.push(milliseconds / 1_000);
      console.log(`  ${round === 0 ? "warm-up" : `round ${round}`}  ${way.name}: ${(milliseconds / 1_000).toFixed(2)} s`);
    };
    for (const [index, way] of ways.entries()) {
      // Whoever asks the live database costs both ways the same.
      const asking = await Client.start(server);
      note(way, await timed(() => restoreByHand(server, index + 1)));
      await asking.stop();
      await server.psql("DROP DATABASE by_hand");
    }
    const asked = await Client.start(server);
    note(fromFile, await timed(async () => (await layDown(server, file), restoreByHand(server, 2))));
    await asked.stop();
    await server.psql("DROP DATABASE by_hand");
    const client = await Client.start(server);
    const { run, restoreId } = await restoreDatabase(holdfast, databaseId, backup.id);
    if (run.problem) throw new Error(`The restore failed: ${run.problem.message}`);
    const gap = await client.stop();
    if (round > 0) gaps.push(gap);
    note(whole, (run.finishedAt?.getTime() ?? 0) - (run.startedAt?.getTime() ?? 0));
    console.log(`           a client was without answer for ${gap.toFixed(0)} ms`);
    const row = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
    const outcome = JSON.parse(row.outcome ?? "{}") as { phases?: Record<string, number> };
    for (const [phase, ms] of Object.entries(outcome.phases ?? {})) if (round > 0) (phases[phase] ??= []).push(ms);
    await dropKept(server, row.keptName ?? "");
    await holdfast.db.restore.update({ where: { id: restoreId }, data: { keptRemovedAt: new Date() } });
  }
  const measured = [...ways, fromFile, whole].map((way) => ({ ...way, medianSeconds: median(way.seconds) }));
  const fastest = Math.min(...measured.filter((way) => isPgRestore(way)).map((way) => way.medianSeconds));
  const report = { size, databaseBytes, ways: measured, overByHand: median(whole.seconds) / fastest, overFromFile: median(whole.seconds) / median(fromFile.seconds), downtimeMs: { median: median(gaps), all: gaps }, phases: Object.fromEntries(Object.entries(phases).map(([phase, all]) => [phase, median(all)])) };
  print(report, fastest);
  return report;
}

function print(report: RestoreReport, fastest: number): void {
  console.log(`\n${report.size}: a database of ${(report.databaseBytes / 1e9).toFixed(2)} GB, medians of ${report.downtimeMs.all.length}`);
  printTable(
    ["way", "seconds", "× fastest by hand"],
    report.ways.map((way) => [way.name, way.medianSeconds.toFixed(2), (way.medianSeconds / fastest).toFixed(2)]),
  );
  printTable(["phase of Holdfast's run", "seconds"], Object.entries(report.phases).map(([phase, ms]) => [phase, (ms / 1_000).toFixed(2)]));
  console.log(`\nA client that asks every 10 ms was without answer for ${report.downtimeMs.median.toFixed(0)} ms (longest ${Math.max(...report.downtimeMs.all).toFixed(0)} ms).`);
}

const archive = "/tmp/bench.dump";

/** What a person does first: the stored file is unpacked into the container, from where several jobs can read it. */
async function layDown(server: PostgresContainer, file: string): Promise<void> {
  const process = await execStream(await findEngine(), { container: server.id, tool: "zstd", argv: ["sh", "-c", 'zstd -q -d -c > "$1"', "bench", archive] });
  await pipeline(createReadStream(file), process.stdin);
  for await (const _ of process.stdout) continue;
}

async function restoreByHand(server: PostgresContainer, jobs: number): Promise<void> {
  const run = async (argv: string[]) => {
    // A parallel index build does not fit into the 64 MB of shared memory that containers have.
    const { exitCode, stderr } = await server.exec(argv, { env: { PGOPTIONS: "-c max_parallel_maintenance_workers=0" } });
    if (exitCode !== 0) throw new Error(`${argv[0]} exited with ${exitCode}: ${stderr}`);
  };
  await run(["createdb", "-U", "bimcalc", "-T", "template0", "by_hand"]);
  await run(["pg_restore", "-U", "bimcalc", "-d", "by_hand", "--exit-on-error", `--jobs=${jobs}`, archive]);
}

async function dropKept(server: PostgresContainer, name: string): Promise<void> {
  await server.psql(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`, { database: "postgres" });
  await server.psql(`DROP DATABASE ${name} WITH (FORCE)`, { database: "postgres" });
}

/** One connection, asked every 10 ms, made anew as soon as it breaks. The longest time between two answers is the downtime. */
class Client {
  private constructor(
    private readonly server: PostgresContainer,
    private readonly answers: Promise<number[]>,
  ) {}

  static async start(server: PostgresContainer): Promise<Client> {
    const loop = `
rm -f /tmp/bench.stop
until [ -e /tmp/bench.stop ]; do
  printf '%s\\n' 'SELECT extract(epoch FROM clock_timestamp()) * 1000 \\watch 0.01' | psql -X -A -t -q -U bimcalc -d bimcalc 2>/dev/null
  sleep 0.01
done`;
    const process = await execStream(await findEngine(), { container: server.id, tool: "sh", argv: ["sh", "-c", loop] });
    process.stdin.end();
    const read = async () => {
      let text = "";
      for await (const chunk of process.stdout) text += String(chunk);
      return text.split("\n").map(Number).filter((at) => at > 0);
    };
    const client = new Client(server, read());
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return client;
  }

  /** Longest silence in milliseconds. */
  async stop(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await this.server.exec(["touch", "/tmp/bench.stop"]);
    await this.server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'bimcalc' AND query LIKE '%clock_timestamp%' AND pid <> pg_backend_pid()", { database: "postgres" });
    const answers = await this.answers;
    return Math.max(...answers.slice(1).map((at, index) => at - (answers[index] ?? at)));
  }
}
