// What the quickstart remembers between two calls, in the data directory, readable by its owner only.
import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { answers } from "../http-get.mjs";
import { isAlive } from "../lock.mjs";

const ownerOnly = { mode: 0o600 };
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);

// Without letters and digits that are easily taken for another.
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
const makePassword = () => Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("")).join("-");

/** The first admin's sign-in. Written before the account is made, so that a call that was cut off cannot lose it. */
export function signIn(dataDirectory) {
  const file = path.join(dataDirectory, "quickstart.json");
  const known = read(file);
  if (known?.password) return known;
  const made = { name: "Quickstart admin", email: "admin@example.test", password: makePassword() };
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, ownerOnly);
  return made;
}

const pidFile = (dataDirectory) => path.join(dataDirectory, "quickstart.pid");

/** Remembers that this process runs Holdfast on `port`. Returns what takes it back. */
export function claimRunning(dataDirectory, port) {
  writeFileSync(pidFile(dataDirectory), JSON.stringify({ pid: process.pid, port }), ownerOnly);
  return () => rmSync(pidFile(dataDirectory), { force: true });
}

/** The port of a quickstart that runs on this data and answers; null when there is none. */
export async function runningPort(dataDirectory) {
  const known = read(pidFile(dataDirectory));
  if (!known || !isAlive(known.pid)) return null;
  return (await answers(`http://127.0.0.1:${known.port}/api/health`)) ? known.port : null;
}
