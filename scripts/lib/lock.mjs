import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Whether a process with this id runs here. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/**
 * Runs `work` while no other process of this machine runs work under the same name. The lock is a file that names its
 * owner, so one that was killed does not keep the others waiting.
 */
export async function withLock(name, work, { onWait, directory = path.join(os.tmpdir(), `holdfast-locks-${os.userInfo().uid}`) } = {}) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, `${name.replace(/[^a-z0-9.-]+/gi, "-")}.lock`);
  for (let told = false; ; told = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (isAbandoned(file)) takeAway(file);
      else {
        if (!told) onWait?.();
        await sleep(300);
      }
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

const unnamedForMs = 5_000;

function isAbandoned(file) {
  try {
    const owner = Number(readFileSync(file, "utf8"));
    // A file without a name was created this moment, or by a process that died right then.
    return owner ? !isAlive(owner) : Date.now() - statSync(file).mtimeMs > unnamedForMs;
  } catch {
    return false; // Gone: the next attempt finds out.
  }
}

/** Two waiters may see the same dead owner. Moving is atomic, so whoever moved a living owner's lock can put it back. */
function takeAway(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (!isAbandoned(aside)) linkSync(aside, file);
  } catch {
    // Another waiter was first.
  } finally {
    rmSync(aside, { force: true });
  }
}
