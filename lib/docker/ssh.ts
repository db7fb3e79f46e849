import "server-only";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import http from "node:http";
import { Duplex, type Readable, type Writable } from "node:stream";
import { dockerErrors } from "./errors";

const stderrKept = 4_096;

/**
 * Connections to an Engine on a machine that ssh reaches, made as Docker's own client makes them: each is a `docker system dial-stdio` over
 * there. It is this system's ssh that connects, so its configuration, its keys and the hosts it knows hold here too. Nobody is there to be
 * asked for a password, or whether a host is the right one. ssh gives up on a host that it is not connected to within `connectSeconds`.
 */
export function sshAgent(url: URL, connectSeconds: number): http.Agent {
  const agent = new http.Agent();
  agent.createConnection = () => new Dialled(url, connectSeconds);
  return agent;
}

function sshArguments({ hostname, port, username }: URL, connectSeconds: number): string[] {
  const options = ["-T", "-o", "BatchMode=yes", "-o", `ConnectTimeout=${connectSeconds}`, "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3"];
  const where = [...(username ? ["-l", decodeURIComponent(username)] : []), ...(port ? ["-p", port] : [])];
  return [...options, ...where, "--", hostname.replace(/^\[|\]$/g, ""), "docker", "system", "dial-stdio"];
}

/** One connection. It ends when the other side has ended it, and fails when ssh does, with ssh's words. */
class Dialled extends Duplex {
  readonly #ssh: ChildProcessByStdio<Writable, Readable, Readable>;

  constructor(url: URL, connectSeconds: number) {
    super();
    // Who still listens is told; when an answer is whole nobody does, and ssh's end is nothing to fall over then.
    this.on("error", () => undefined);
    this.#ssh = spawn("ssh", sshArguments(url, connectSeconds), { stdio: ["pipe", "pipe", "pipe"] });
    const { stdin, stdout, stderr } = this.#ssh;
    let said = "";
    stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-stderrKept)));
    stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    stdin.on("error", () => undefined); // Why it takes no more is what its end says.
    this.#ssh.once("error", (cause) => this.destroy(dockerErrors.ssh_failed({ address: url.href, stderr: cause.message }, { cause })));
    this.#ssh.once("close", (code) => {
      if (code === 0) this.push(null);
      else this.destroy(dockerErrors.ssh_failed({ address: url.href, stderr: said }));
    });
  }

  override _read(): void {
    this.#ssh.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#ssh.stdin.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#ssh.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#ssh.kill();
    done(error);
  }
}
