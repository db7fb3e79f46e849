import { existsSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import path from "node:path";
import { bytes } from "@/lib/format/bytes";
import type { Home } from "../home";
import { look, ok, problem, unknown, type Finding } from "./finding";

const oldestNode = [20, 19] as const;
/** The record grows by kilobytes a day; less than this and something else is filling the disk. */
const leastFreeBytes = 512 * 1024 * 1024;
const answerMs = 5_000;

/** What has nothing to do with databases: the program, the secret, the disk of the record, the address of the pages. */
export function lookAtMachine(home: Home, recordFile: string): Promise<Finding[]> {
  return Promise.all([
    look("node", "Node", () => nodeVersion(process.versions.node)),
    look("build", "Build", () => build(home)),
    look("secret", "Secret for sessions", () => secret(path.dirname(recordFile))),
    look("disk", "Disk of the record", () => disk(path.dirname(recordFile))),
    look("web", "Web address", () => web()),
  ]);
}

/** Exported for its test. */
export function nodeVersion(version: string) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return isNew ? ok(version) : problem(`${version} is too old`, `Install Node ${oldestNode.join(".")} or newer.`);
}

function build({ root }: Home) {
  const missing = ["dist/worker.js", "dist/migrate.js", ".next/BUILD_ID"].filter((file) => !existsSync(path.join(root, file)));
  return missing.length === 0 ? ok("web application and programs are built") : problem(`${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`, "npm run build");
}

/** Whether it is there and nobody else reads it. Its value is never looked at. */
function secret(directory: string) {
  const file = path.join(directory, "auth-secret");
  if (!existsSync(file)) return process.env["AUTH_SECRET"] ? ok("AUTH_SECRET is set") : unknown("there is none yet", "npm start makes one at its first start.");
  const { mode, size } = statSync(file);
  if (size === 0) return problem(`${file} is empty`, "Remove it; npm start makes another, and everybody signs in anew.");
  return mode & 0o077 ? problem(`${file} can be read by others`, `chmod 600 ${file}`) : ok(`${file}, its owner's alone`);
}

async function disk(directory: string) {
  const { bsize, bavail } = await statfs(directory);
  const free = bsize * bavail;
  return free < leastFreeBytes ? problem(`${bytes(free)} free in ${directory}`, "Free space there: without it nothing can be put on record, and no backup starts.") : ok(`${bytes(free)} free in ${directory}`);
}

async function web() {
  const host = process.env["HOST"] && process.env["HOST"] !== "0.0.0.0" ? process.env["HOST"] : "127.0.0.1";
  const address = `http://${host.includes(":") ? `[${host}]` : host}:${process.env["PORT"] ?? "3000"}`;
  try {
    const response = await fetch(`${address}/api/health`, { signal: AbortSignal.timeout(answerMs) });
    const answer: unknown = await response.json().catch(() => null);
    const isHoldfast = response.ok && typeof answer === "object" && answer !== null && "status" in answer;
    return isHoldfast ? ok(`${address} answers`) : problem(`${address} is answered by something else (${response.status})`, "Give Holdfast another PORT.");
  } catch {
    return unknown(`nothing answers at ${address} from here`, "npm start, or npm start -- --only web. Backups do not need it.");
  }
}
