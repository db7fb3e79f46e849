// Installs and starts Docker's Engine where that can be done without asking anyone: as root on Debian or Ubuntu.
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { installPackages, isDebianRoot, osRelease } from "./apt.mjs";
import { outputOf, run } from "./command.mjs";
import { defaultSocket, parseAddress } from "./engine-address.mjs";
import { ask } from "./engine-http.mjs";
import { step, Stop } from "./progress.mjs";

const startMs = 60_000;
const logFile = "/var/log/holdfast-dockerd.log";
const programs = ["/usr/bin/dockerd", "/usr/sbin/dockerd", "/usr/local/bin/dockerd"];

const hasEngine = () => programs.some(existsSync);
const hasSystemd = () => existsSync("/run/systemd/system");

export function canInstall() {
  return isDebianRoot();
}

/** Says what it is about to do, does it, and returns once the Engine answers. */
export async function installAndStart({ out = console.log } = {}) {
  const missing = hasEngine() ? [] : ["docker.io", "iptables", ...(hasSystemd() ? [] : ["cgroupfs-mount"])];
  if (missing.length > 0) {
    out(`  No Docker Engine answers here. This installs ${missing.join(", ")} with apt-get and starts the Engine.`);
    await installPackages(missing);
  } else out("  Docker is installed here and its Engine is not running. This starts it.");
  await step("Start the Docker Engine", async ({ done }) => {
    // Installing may have started it, and a first start takes a few seconds.
    if (await answers(missing.length > 0 ? 5_000 : 500)) return;
    if (hasSystemd()) await run("systemctl", ["start", "docker"]);
    else await startDirectly();
    if (!(await answers(startMs))) throw new Stop(`The Docker Engine did not answer within ${startMs / 1_000} s. Its log: ${hasSystemd() ? "journalctl -u docker" : logFile}`);
    done("Docker Engine started");
  });
}

async function answers(withinMs) {
  const deadline = Date.now() + withinMs;
  do {
    try {
      await ask(parseAddress(`unix://${defaultSocket}`), "GET", "/_ping", { timeoutMs: 2_000 });
      return true;
    } catch {
      await sleep(300);
    }
  } while (Date.now() < deadline);
  return false;
}

async function startDirectly() {
  removeStale("/var/run/docker.pid", "dockerd");
  // A process that has the number by chance looks to dockerd like its containerd, which it then waits for in vain.
  removeStale("/var/run/docker/containerd/containerd.pid", "containerd");
  await mountControlGroups();
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(programs.find(existsSync), [], { detached: true, stdio: ["ignore", log, log] });
  child.on("error", () => {}); // Shows as an Engine that does not answer.
  child.unref();
  closeSync(log);
}

/** Removes a pid file unless a process of that name and number runs. A machine that was cut off leaves them behind. */
export function removeStale(file, name) {
  if (!existsSync(file)) return false;
  const pid = Number(readFileSync(file, "utf8"));
  try {
    if (pid > 0 && readFileSync(`/proc/${pid}/comm`, "utf8").trim() === name) return false;
  } catch {
    // No such process.
  }
  rmSync(file, { force: true });
  return true;
}

/** systemd mounts these; where it is not, nobody may have. */
async function mountControlGroups() {
  if (/ cgroup2? /.test(readFileSync("/proc/mounts", "utf8"))) return;
  if (await outputOf("cgroupfs-mount", [])) return;
  await outputOf("mount", ["-t", "cgroup2", "cgroup2", "/sys/fs/cgroup"]);
}

/** What a person has to run where this script may not. */
export function manualCommands(tried, { platform = process.platform, release = osRelease(), user = process.env.USER ?? "$USER" } = {}) {
  if (tried.some(({ problem }) => problem === "this user may not open it")) return [`sudo usermod -aG docker ${user}`, "newgrp docker"];
  if (platform === "darwin") return ["brew install colima docker", "colima start"];
  if (platform === "win32") return ["wsl --install -d Debian", "and start Holdfast inside it"];
  if (release.family === "debian") return ["sudo apt-get update", "sudo apt-get install -y docker.io", "sudo systemctl start docker", `sudo usermod -aG docker ${user}`, "newgrp docker"];
  if (release.family === "fedora") return ["sudo dnf install -y moby-engine", "sudo systemctl start docker", `sudo usermod -aG docker ${user}`, "newgrp docker"];
  if (release.family === "alpine") return ["doas apk add docker", "doas rc-service docker start"];
  if (release.family === "arch") return ["sudo pacman -S docker", "sudo systemctl start docker"];
  return ["Install Docker Engine with your system's packages and start its service."];
}
