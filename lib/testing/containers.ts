import { randomBytes } from "node:crypto";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { engine, execIn, type ExecResult } from "./engine";
import { removeContainer, testLabel } from "./leftovers";

/** Majors that tests run against; `npm test` makes an image of each. */
export const testedMajors = [13, 15, 17, 18] as const;
export type TestedMajor = (typeof testedMajors)[number];

export interface PostgresOptions {
  major?: TestedMajor;
  /** Takes the place of the image of `major`. */
  image?: string;
  /** Superuser, its password, and the first database. */
  user?: string;
  password?: string;
  database?: string;
  env?: Record<string, string>;
  /** Arguments of `postgres`, such as `["-c", "wal_level=logical"]`. */
  cmd?: string[];
  labels?: Record<string, string>;
  /** Without the label by which what a crashed test left is found: like a person's own. Only `stop()` removes it. */
  isUnlabelled?: boolean;
  name?: string;
  hostConfig?: Record<string, unknown>;
  /** Returns as soon as the container runs, for tests of servers that are not ready. */
  wait?: boolean;
}

export interface PostgresContainer {
  id: string;
  name: string;
  image: string;
  user: string;
  password: string;
  database: string;
  /** Runs SQL and returns what it printed: one line per row, columns apart by tabs. Throws when a statement fails. */
  psql(sql: string, options?: { database?: string; user?: string }): Promise<string>;
  exec(argv: string[], options?: { input?: string; env?: Record<string, string>; user?: string }): Promise<ExecResult>;
  stop(): Promise<void>;
}

/** The image of a major: HOLDFAST_TEST_IMAGE_<major> when set, else the tag that `scripts/lib/images.mjs` gives. */
export function testImage(major: TestedMajor): string {
  return process.env[`HOLDFAST_TEST_IMAGE_${major}`] ?? `holdfast/postgres:${major}`;
}

/** An image that runs Node and is no PostgreSQL server: HOLDFAST_TEST_IMAGE_NODE when set, else the one that `npm test` makes. */
export function testNodeImage(): string {
  return process.env["HOLDFAST_TEST_IMAGE_NODE"] ?? `holdfast/node:${process.versions.node.split(".")[0] ?? ""}`;
}

/**
 * Starts a throwaway PostgreSQL server and waits until it accepts connections. Call `stop()` when done; what a crashed
 * test leaves behind is removed when the run ends, or when the next one starts.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresContainer> {
  const image = options.image ?? testImage(options.major ?? 15);
  await requireImage(image);
  const user = options.user ?? "postgres";
  const database = options.database ?? user;
  const password = options.password ?? "a-password-only-tests-use";
  const name = options.name ?? `holdfast-test-${randomBytes(4).toString("hex")}`;
  const env = { POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: database, POSTGRES_INITDB_ARGS: "--no-sync", ...options.env };
  const container = await engine.createContainer({
    name,
    Image: image,
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    // Nothing here has to survive a power cut, and waiting for the disk is most of what a test server does.
    Cmd: ["-c", "fsync=off", "-c", "full_page_writes=off", ...(options.cmd ?? [])],
    Labels: options.isUnlabelled ? {} : { ...options.labels, [testLabel]: "1", [`${testLabel}.pid`]: sessionPid(), [`${testLabel}.host`]: os.hostname() },
    HostConfig: options.hostConfig ?? {},
  });
  try {
    await container.start();
    if (options.wait !== false) await untilReady(container.id, user, database);
  } catch (error) {
    await removeContainer(container.id);
    throw error;
  }
  const exec: PostgresContainer["exec"] = (argv, execOptions) => execIn(container.id, argv, execOptions);
  return {
    id: container.id,
    name,
    image,
    user,
    password,
    database,
    exec,
    async psql(sql, target = {}) {
      const argv = ["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-U", target.user ?? user, "-d", target.database ?? database];
      const { exitCode, stdout, stderr } = await exec(argv, { input: sql });
      if (exitCode !== 0) throw new Error(`psql exited ${exitCode}: ${stderr.trim()}`);
      return stdout.replace(/\n$/, "");
    },
    stop: () => removeContainer(container.id),
  };
}

function sessionPid(): string {
  return process.env["HOLDFAST_TEST_PID"] ?? String(process.pid);
}

async function requireImage(image: string): Promise<void> {
  try {
    await engine.getImage(image).inspect();
  } catch (cause) {
    throw new Error(`There is no image ${image} on this Docker Engine. \`npm test\` makes the ones that tests need.`, { cause });
  }
}

/** Over TCP, because while it initialises the server answers on its socket only, and then stops once more. */
async function untilReady(id: string, user: string, database: string): Promise<void> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const { State } = await engine.getContainer(id).inspect();
    if (!State.Running) throw new Error(`The test server stopped while it started: ${await lastWords(id)}`);
    const { exitCode } = await execIn(id, ["pg_isready", "-q", "-h", "127.0.0.1", "-U", user, "-d", database]);
    if (exitCode === 0) return;
    if (Date.now() > deadline) throw new Error(`The test server was not ready after 90 s: ${await lastWords(id)}`);
    await sleep(100);
  }
}

async function lastWords(id: string): Promise<string> {
  const log = await engine.getContainer(id).logs({ stdout: true, stderr: true, tail: 20 });
  return log.toString("utf8").trim();
}
