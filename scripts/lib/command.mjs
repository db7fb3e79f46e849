// Runs other programs. Arguments go as argv, never through a shell.
import { spawn } from "node:child_process";

const kept = 8_000;

/**
 * Runs `command` and resolves when it exits 0; otherwise rejects with the last lines it wrote. `onLine` sees every line of
 * both streams. `input` goes to its standard input.
 */
export function run(command, args, { cwd, env, onLine, input, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      signal,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    if (input !== undefined) {
      child.stdin.on("error", () => {}); // It ended before it read everything; its exit code says why.
      child.stdin.end(input);
    }
    let tail = "";
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8").on("data", (text) => {
        tail = (tail + text).slice(-kept);
        const lines = (rest + text).split(/\r?\n|\r/);
        rest = lines.pop() ?? "";
        if (onLine) for (const line of lines) if (line.trim()) onLine(line.trim());
      });
    }
    child.on("error", reject);
    child.on("close", (code, killedBy) => {
      if (code === 0) return resolve(tail);
      const how = killedBy ? `was ended by ${killedBy}` : `exited ${code}`;
      reject(new Error(`${command} ${args[0] ?? ""} ${how}.\n${tail.trim()}`));
    });
  });
}

/** What `command` printed, or null when it cannot be run or fails. */
export async function outputOf(command, args) {
  try {
    return await run(command, args);
  } catch {
    return null;
  }
}
