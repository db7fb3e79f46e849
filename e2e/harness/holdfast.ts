import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "@playwright/test";
import { StartBackupInput } from "@/lib/backup/schemas";
import { startBackup } from "@/lib/backup/start";
import { systemClock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { addDatabase } from "@/lib/databases/manage";
import { setDrillPolicy } from "@/lib/drill/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { openDatabase, type Db } from "@/lib/db/client";
import { addStore, startCheckStore } from "@/lib/stores/manage";
import type { PostgresContainer } from "@/lib/testing/containers";
import type { z } from "zod";
import { workerArguments } from "../../scripts/lib/worker-arguments.mjs";
import { freePort } from "./port";
import { ServiceProcess } from "./process";

const webGraceMs = 10_000;
const workerGraceMs = 40_000;

/** A whole Holdfast as `npm start` runs it: the production build, web and worker, on data of its own. */
export class Holdfast {
  readonly log: string[] = [];
  readonly url: string;
  readonly backups: string;
  /** A second client of the record, to see what was really written. */
  readonly db: Db;
  /** For preparing a scene with the functions that pages call. */
  readonly ctx: Context;
  #web: ServiceProcess | undefined;
  #worker: ServiceProcess | undefined;

  private constructor(
    readonly directory: string,
    readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    // Not "localhost": it may mean another address to the browser than to the server.
    this.url = `http://127.0.0.1:${port}`;
    this.backups = path.join(directory, "backups");
    this.db = openDatabase(env["DATABASE_URL"] ?? "");
    this.ctx = { db: this.db, clock: systemClock, actor: { kind: "cli", id: null, name: "tests", origin: "e2e" } };
  }

  static async boot(workerIndex: number): Promise<Holdfast> {
    const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-e2e-"));
    const port = await freePort(workerIndex);
    const holdfast = new Holdfast(directory, port, {
      NODE_ENV: "production",
      DATABASE_URL: `file:${path.join(directory, "holdfast.db")}`,
      HOLDFAST_BACKUP_DIR: path.join(directory, "backups"),
      HOLDFAST_NAME: "e2e",
      HOLDFAST_LOG_LEVEL: "info",
      AUTH_SECRET: randomBytes(32).toString("base64url"),
      AUTH_TRUST_HOST: "true",
      NEXT_TELEMETRY_DISABLED: "1",
      PORT: String(port),
    });
    mkdirSync(holdfast.backups, { mode: 0o700 });
    await promisify(execFile)(process.execPath, ["dist/migrate.js"], { env: { ...process.env, ...holdfast.env } });
    holdfast.#web = new ServiceProcess("web", [path.resolve("node_modules/next/dist/bin/next"), "start", "-p", String(port)], holdfast.env, holdfast.log);
    try {
      await expect.poll(() => holdfast.answers("/api/health"), { timeout: 60_000, message: "web answers" }).toBe(true);
      await holdfast.startWorker();
    } catch (error) {
      await holdfast.stop();
      throw error;
    }
    return holdfast;
  }

  /** Starts the worker, with more in its environment where a test needs it, and waits until web and worker answer for each other. */
  async startWorker(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#worker = new ServiceProcess("worker", [...workerArguments], { ...this.env, ...env }, this.log);
    await expect.poll(() => this.answers("/api/health?ready=1"), { timeout: 60_000, message: "web and worker answer" }).toBe(true);
  }

  private async answers(address: string): Promise<boolean> {
    if (!this.#web?.isRunning || this.#worker?.isRunning === false) throw new Error(`Holdfast ended while it started:\n${this.log.join("\n")}`);
    const response = await fetch(`${this.url}${address}`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    return response?.ok === true;
  }

  async stopWorker(): Promise<void> {
    await this.#worker?.stop(workerGraceMs);
  }

  async killWorker(): Promise<void> {
    await this.#worker?.kill();
  }

  /** Ends both processes as `npm start` does. */
  async stop(): Promise<void> {
    await Promise.all([this.#web?.stop(webGraceMs), this.#worker?.stop(workerGraceMs)]);
    await this.db.$disconnect();
    rmSync(this.directory, { recursive: true, force: true });
    if (this.#worker?.wasForced) throw new Error(`The worker did not stop when it was asked to:\n${this.log.slice(-40).join("\n")}`);
  }

  /** The address that the log prints while nobody has an account. */
  async setupAddress(): Promise<string> {
    const find = () => this.log.map((line) => /\/setup\?token=[\w-]+/.exec(line)?.[0]).find(Boolean);
    await expect.poll(find, { message: "the log names the setup address" }).toBeTruthy();
    return find() ?? "";
  }

  async addStore(name = "local-disk", directory = this.backups): Promise<string> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { storeId } = await addStore(this.ctx, { name, path: directory });
    const { runId } = await startCheckStore(this.ctx, { storeId });
    await this.finished(runId);
    return storeId;
  }

  async protect(server: PostgresContainer, storeId: string, options: Partial<z.input<typeof AddDatabaseInput>> = {}): Promise<string> {
    const address = { container: server.name, databaseName: server.database, role: server.user, storeId };
    const { databaseId } = await addDatabase(this.ctx, AddDatabaseInput.parse({ ...address, ...options }));
    // A test that wants drills by themselves says so.
    await setDrillPolicy(this.ctx, { databaseId, when: "never", which: "newest", hour: 3 });
    return databaseId;
  }

  /** A backup taken by the worker without a page: scenery for tests about something else. */
  async backUp(databaseId: string, input: Partial<z.input<typeof StartBackupInput>> = {}) {
    const { runId } = await startBackup(this.ctx, StartBackupInput.parse({ databaseId, ...input }));
    const run = await this.finished(runId);
    if (run.status !== "succeeded") throw new Error(`The backup ${run.status}: ${run.error ?? ""}`);
    return this.db.backup.findUniqueOrThrow({ where: { id: run.backupId ?? "" }, include: { copies: true } });
  }

  run(id: number) {
    return this.db.run.findUniqueOrThrow({ where: { id } });
  }

  /** The run once it is over, however it ended. */
  async finished(id: number, timeout = 60_000) {
    await expect.poll(async () => ["queued", "running"].includes((await this.run(id)).status), { timeout, message: `run ${id} ends` }).toBe(false);
    return this.run(id);
  }

  /** Audit entries of one action, oldest first. */
  audit(action: string) {
    return this.db.auditEntry.findMany({ where: { action }, orderBy: { id: "asc" } });
  }

  /** Names of everything in the store, hidden files included. */
  files(): string[] {
    return readdirSync(this.backups).sort();
  }
}
