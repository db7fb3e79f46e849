// Keeps child processes running and stops them in order. Each gets a process group of its own: otherwise a Ctrl-C in the
// terminal reaches the worker directly, at the same moment as the supervisor, which could no longer let it drain.
import { spawn } from "node:child_process";

const steadyAfterMs = 60_000;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/**
 * Starts `command` and starts it again when it ends by itself, after a pause that doubles up to 30 s while it keeps ending.
 * With `mustStart`, a process that ends within that many milliseconds of its first start is reported through `onGaveUp`.
 */
export function keepRunning({ name, command, args, env, cwd, mustStart = 0, write = writeLine, onGaveUp }) {
  let child;
  let pause = firstPauseMs;
  let timer;
  let stopping;
  let starts = 0;

  function start() {
    const startedAt = Date.now();
    starts += 1;
    child = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    child.on("error", (error) => write(name, `could not be started: ${error.message}`));
    prefix(child.stdout, name, write);
    prefix(child.stderr, name, write);
    child.on("close", (code, signal) => {
      const how = signal ? `was ended by ${signal}` : `exited ${code}`;
      if (stopping) return stopping.resolve(code);
      if (starts === 1 && Date.now() - startedAt < mustStart) {
        write(name, how);
        return onGaveUp?.(code || 1);
      }
      if (Date.now() - startedAt > steadyAfterMs) pause = firstPauseMs;
      write(name, `${how}. Starting it again in ${pause / 1_000} s.`);
      timer = setTimeout(start, pause);
      pause = Math.min(pause * 2, longestPauseMs);
    });
  }
  start();

  return {
    name,
    get pid() {
      return child.pid;
    },
    /** Asks it to end, waits up to `graceMs`, then ends its whole group. Resolves to whether it ended by itself. */
    stop(graceMs) {
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve(true);
      return new Promise((done) => {
        const force = setTimeout(() => {
          write(name, `still running after ${Math.round(graceMs / 1_000)} s. Ending it.`);
          signalGroup(child.pid, "SIGKILL");
          done(false);
        }, graceMs);
        stopping = {
          resolve: (code) => {
            clearTimeout(force);
            done(code !== null);
          },
        };
        child.kill("SIGTERM");
      });
    },
    /** Ends its whole group now. */
    kill() {
      clearTimeout(timer);
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    },
  };
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function prefix(stream, name, write) {
  let rest = "";
  stream.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) write(name, line);
  });
  stream.on("end", () => rest && write(name, rest));
}

const width = 6;
const dim = process.stdout.isTTY ? ["\x1b[2m", "\x1b[0m"] : ["", ""];

function writeLine(name, line) {
  process.stdout.write(`${dim[0]}${name.padEnd(width)} |${dim[1]} ${line}\n`);
}
