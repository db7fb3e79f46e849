import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { stepDown } from "../scripts/lib/step-down.mjs";
import { cliErrors } from "./errors";

/** Where this command found itself. */
export interface Home {
  /** The program's own directory: migrations and package.json lie here. */
  root: string;
  /** The directory of the installation: `.env`, and what its settings name relatively. */
  directory: string;
  /** Where the person is; the paths they write start here. */
  startedIn: string;
  /** Whoever sits there: the operating system's user, and the one behind sudo. */
  user: string;
  host: string;
}

/** Both `cli/home.ts` and the bundled `dist/holdfast.js` lie one directory below it. */
const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/**
 * Finds the installation whatever the present directory is, as `npm start` does: from the program's own place, or from
 * HOLDFAST_HOME. Loads its `.env` (what the environment says wins), goes there, and leaves root where the record is another
 * user's, so that no file is left behind that the worker cannot read. Has to run before anything reads the environment.
 */
export function enterHome(env: NodeJS.ProcessEnv = process.env): Home {
  // npm goes to the package's directory and remembers where it was called.
  const startedIn = env["npm_lifecycle_event"] === "holdfast" && env["INIT_CWD"] ? env["INIT_CWD"] : process.cwd();
  const directory = env["HOLDFAST_HOME"] ? path.resolve(startedIn, env["HOLDFAST_HOME"]) : root;
  if (!existsSync(directory)) throw cliErrors.no_home({ directory });
  const user = env["SUDO_USER"] || userName();
  process.chdir(directory);
  if (existsSync(".env")) process.loadEnvFile(".env");
  // Log lines belong into the log of a service; here they would stand between the command and its reader.
  env["HOLDFAST_LOG_STREAM"] = "stderr";
  env["HOLDFAST_LOG_LEVEL"] = ["-v", "--verbose"].some((option) => process.argv.includes(option)) ? "warn" : "silent";
  stepDown({ runAs: env["HOLDFAST_RUN_AS"] ?? ownerOfRecord(env) });
  // As `npm start` does, but only when there is one: what is sent opens the secrets of its channels with it.
  const secret = path.join(path.dirname(recordFile(env)), "auth-secret");
  if (!env["AUTH_SECRET"] && mayRead(secret)) env["AUTH_SECRET"] = readFileSync(secret, "utf8").trim();
  return { root, directory, startedIn, user, host: os.hostname() };
}

/** Whose process this is now: whoever called, or the owner of the record that it became. */
export function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`; // A container's user need not have a name.
  }
}

function recordFile(env: NodeJS.ProcessEnv): string {
  return path.resolve((env["DATABASE_URL"] ?? "file:./data/holdfast.db").replace(/^file:/, ""));
}

function mayRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** `uid:gid` of the record where it is not root's; of the directory that it will be made in while there is none. */
function ownerOfRecord(env: NodeJS.ProcessEnv): string | undefined {
  const file = recordFile(env);
  const place = [file, path.dirname(file), "."].find((one) => existsSync(one)) ?? ".";
  const { uid, gid } = statSync(place);
  return uid > 0 && gid > 0 ? `${uid}:${gid}` : undefined;
}
