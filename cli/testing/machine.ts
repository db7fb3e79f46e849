import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ended, type Ended } from "./installation";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const folders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export interface Shell {
  input?: string;
  env?: Record<string, string>;
  /** Ends the command as soon as this is true of what it printed, for commands that go on for ever. */
  until?: (out: string) => boolean;
}

/** A machine with systemd and cron, and Holdfast in /opt/holdfast, as the procedures have it. */
export interface Machine {
  /** Runs a line of bash in /opt/holdfast, as root. */
  shell(line: string, options?: Shell): Promise<Ended>;
  write(file: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Boots one in namespaces of its own: the files are this machine's, and what is changed is forgotten at its end. Needs root, and systemd
 * and cron to be installed; neither has to run. Builds Holdfast's programs when they are not current.
 */
export async function startMachine(): Promise<Machine> {
  if (process.getuid?.() !== 0) throw new Error("Only root can start a machine of its own for this test.");
  const built = await ended(spawn(process.execPath, [path.join(root, "scripts/build.mjs"), "--programs"], { cwd: root }));
  if (built.code !== 0) throw new Error(`The programs could not be built: ${built.err}`);
  const changed = mkdtempSync(path.join(os.tmpdir(), "holdfast-machine-"));
  const cgroup = path.basename(changed);
  // It goes with this process, whichever way that ends, and all that runs in it goes with it.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "--kill-child", "sh", path.join(root, "cli/testing/machine.sh"), changed, cgroup, root, process.execPath], { stdio: ["ignore", "ignore", "pipe"] });
  const boot = ended(child);
  let init = 0;
  const shell: Machine["shell"] = (line, { input = "", env = {}, until } = {}) => {
    // Without the settings of an interactive shell: bash reads them where its input is a socket.
    const inside = spawn("nsenter", [`--target=${init}`, "--all", "--root", "--wd", "env", "-i", "-C", "/opt/holdfast", `PATH=${folders}`, "HOME=/root", "LANG=C.UTF-8", ...Object.entries(env).map(([name, value]) => `${name}=${value}`), "bash", "--norc", "-c", line], { detached: until !== undefined });
    inside.stdin.on("error", () => undefined); // Not every program reads it.
    inside.stdin.end(input);
    let out = "";
    if (until) inside.stdout.on("data", (text: Buffer) => until((out += text.toString())) && process.kill(-(inside.pid ?? 0)));
    return ended(inside);
  };
  const stop = async () => {
    child.kill("SIGKILL");
    await boot;
    // A cgroup stays for as long as one of its processes is dying.
    await ended(spawn("unshare", ["--mount", "sh", "-c", 'mount -t cgroup2 cgroup2 "$1"; for _ in 1 2 3 4 5 6 7 8 9; do find "$1/$2" -depth -type d -exec rmdir {} \\; ; [ -d "$1/$2" ] || exit 0; sleep 0.2; done', "sh", changed, cgroup]));
    rmSync(changed, { recursive: true, force: true });
  };
  try {
    init = await processOne(child.pid ?? 0, boot);
    for (const until = Date.now() + 30_000; (await shell("systemctl is-active machine.target cron.service")).code !== 0; await sleep(100)) {
      if (Date.now() > until) throw new Error(`The machine does not come up: ${(await shell("systemctl list-units --failed; systemctl list-jobs")).out}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    shell,
    stop,
    async write(file, text) {
      const { code, err } = await shell(`cat > ${file}`, { input: text });
      if (code !== 0) throw new Error(`${file} cannot be written: ${err}`);
    },
  };
}

/** The only child of `unshare`, as this machine counts. */
async function processOne(parent: number, boot: Promise<Ended>): Promise<number> {
  let end: Ended | undefined;
  void boot.then((ending) => (end = ending));
  for (const until = Date.now() + 30_000; Date.now() < until; await sleep(50)) {
    if (end) throw new Error(`The machine did not start: ${end.err}`);
    const [pid] = read(`/proc/${parent}/task/${parent}/children`).split(" ");
    if (pid && read(`/proc/${pid}/comm`).trim() === "systemd") return Number(pid);
  }
  throw new Error("The machine did not start within 30 s.");
}

/** Empty where it is gone meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
