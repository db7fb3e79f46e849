import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase, type Db } from "@/lib/db/client";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface Answer {
  ok: boolean;
  exitCode: number;
  data: Record<string, unknown>;
  error?: { code: string; kind: string; message: string };
  warnings: string[];
}

/** An installation in a directory of its own, used from outside by what was built, as people and cron do. */
export interface Installation {
  home: string;
  env: Record<string, string>;
  /** Opens its record; call it after the first command has made it. */
  db(): Db;
  /** Runs a program in the installation's directory. */
  start(command: string, argv: readonly string[], env?: Record<string, string>): ChildProcess;
  /** Starts its worker. */
  worker(): ChildProcess;
  run(command: string, argv: readonly string[], options?: { input?: string; env?: Record<string, string> }): Promise<Ended>;
  /** Runs a line of a shell there, with bash as the procedures' scripts had it. */
  shell(line: string, options?: { input?: string; env?: Record<string, string> }): Promise<Ended>;
  /** `holdfast`, with --json; throws when the answer is no JSON. */
  ask(...argv: string[]): Promise<Answer>;
  close(): Promise<void>;
}

/** Builds the programs when they are not current. `scripts/…` and `holdfast` are found from its directory, as in Holdfast's own. */
export async function installation(env: Record<string, string> = {}): Promise<Installation> {
  const built = await ended(spawn(process.execPath, [path.join(root, "scripts/build.mjs"), "--programs"], { cwd: root }));
  if (built.code !== 0) throw new Error(`The programs could not be built: ${built.err}`);
  const home = mkdtempSync(path.join(os.tmpdir(), "holdfast-home-"));
  const bin = mkdtempSync(path.join(os.tmpdir(), "holdfast-bin-"));
  await ended(spawn("ln", ["-s", path.join(root, "scripts"), path.join(home, "scripts")]));
  await ended(spawn("ln", ["-s", path.join(root, "dist/holdfast.js"), path.join(bin, "holdfast")]));
  // Nothing of the test's own environment: it has settings of Holdfast in it.
  const own = { PATH: `${bin}:${path.dirname(process.execPath)}:${process.env["PATH"] ?? ""}`, HOME: home, HOLDFAST_HOME: home, ...(process.env["DOCKER_HOST"] ? { DOCKER_HOST: process.env["DOCKER_HOST"] } : {}), ...env };
  let open: Db | undefined;
  const start: Installation["start"] = (command, argv, more = {}) => spawn(command, [...argv], { cwd: home, env: { ...own, ...more } as unknown as NodeJS.ProcessEnv });
  const run: Installation["run"] = async (command, argv, { input = "", env: more = {} } = {}) => {
    const child = start(command, argv, more);
    child.stdin?.on("error", () => undefined); // Not every program reads it.
    child.stdin?.end(input);
    return ended(child);
  };
  return {
    home,
    env: own,
    db: () => (open ??= openDatabase(`file:${path.join(home, "data/holdfast.db")}`)),
    start,
    run,
    // It finds the migrations from where it is started.
    worker: () => spawn(process.execPath, ["dist/worker.js"], { cwd: root, env: { ...own, DATABASE_URL: `file:${home}/data/holdfast.db`, HOLDFAST_LOG_LEVEL: "silent", HOLDFAST_DRAIN_SECONDS: "0" } as unknown as NodeJS.ProcessEnv }),
    shell: (line, options) => run("bash", ["-c", line], options),
    async ask(...argv) {
      const { out, err } = await run("holdfast", [...argv, "--json"]);
      if (!out) throw new Error(`holdfast ${argv.join(" ")} said nothing: ${err}`);
      return JSON.parse(out) as Answer;
    },
    async close() {
      await open?.$disconnect();
      rmSync(home, { recursive: true, force: true });
      rmSync(bin, { recursive: true, force: true });
    },
  };
}

/** Waits for the end of a process and returns all that it said. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const said = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, ...said };
}
