import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

const running = new Set<ServiceProcess>();
// A run that is broken off must not leave servers behind.
process.once("exit", () => running.forEach((service) => service.signalGroup("SIGKILL")));

/** One process of Holdfast, with what it printed. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  /** Whether it had to be ended because it did not stop when asked. */
  wasForced = false;

  constructor(name: string, args: readonly string[], env: Readonly<Record<string, string>>, log: string[]) {
    // A group of its own: what it starts must end with it, also when a test kills it.
    this.#child = spawn(process.execPath, [...args], { env: { ...process.env, ...env }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.#ended = once(this.#child, "close").finally(() => running.delete(this));
    running.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => log.push(...text.split("\n").filter(Boolean).map((line) => `${name.padEnd(6)} | ${line}`)));
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Asks it to end and waits; after `graceMs` its whole group is ended. Resolves to its exit code. */
  async stop(graceMs: number): Promise<number | null> {
    if (!this.isRunning) return this.#child.exitCode;
    const force = setTimeout(() => {
      this.wasForced = true;
      this.signalGroup("SIGKILL");
    }, graceMs);
    this.#child.kill("SIGTERM");
    await this.#ended;
    clearTimeout(force);
    return this.#child.exitCode;
  }

  /** What a power cut does. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.signalGroup("SIGKILL");
    await this.#ended;
  }

  signalGroup(signal: NodeJS.Signals): void {
    if (this.#child.pid !== undefined && this.isRunning) process.kill(-this.#child.pid, signal);
  }
}
