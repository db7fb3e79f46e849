import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";

/** Reads `.env` when there is one. What the environment already says wins. */
export function loadEnvFile(file = inRoot(".env")) {
  if (existsSync(file)) process.loadEnvFile(file);
}

/** Where Holdfast keeps what it must remember: beside the metadata database. */
export function dataDirectory(url = process.env.DATABASE_URL ?? "file:./data/holdfast.db") {
  return url.startsWith("file:") ? path.dirname(inRootOrAbsolute(url.slice("file:".length))) : inRoot("data");
}

function inRootOrAbsolute(file) {
  return path.isAbsolute(file) ? file : inRoot(file);
}

/**
 * The secret that signs sessions: AUTH_SECRET, else one made once and kept in the data directory, readable by its owner
 * only. A new one on every start would sign everybody out.
 */
export function authSecret(directory = dataDirectory()) {
  if (process.env.AUTH_SECRET) return process.env.AUTH_SECRET;
  const file = path.join(directory, "auth-secret");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    // Written aside and then linked: web and worker may start at once, and neither may read half of what the other wrote.
    const aside = `${file}.${process.pid}`;
    writeFileSync(aside, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
    try {
      linkSync(aside, file);
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    } finally {
      rmSync(aside, { force: true });
    }
  }
  return readFileSync(file, "utf8").trim();
}
