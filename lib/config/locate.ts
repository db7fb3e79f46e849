import "server-only";
import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import path from "node:path";
import { createHash } from "node:crypto";
import { bytes } from "@/lib/format/bytes";
import { whyOf } from "@/lib/stores/errors";
import { configNames } from "./schemas";

/** Far more than any installation has to say. */
const mostBytes = 1024 ** 2;

/** Where a file of settings is looked for: what HOLDFAST_CONFIG names, or one of three names in the installation's directory. */
export interface Places {
  paths: string[];
  /** Somebody named it, so it has to be there. */
  isNamed: boolean;
}

export function configPlaces(named = process.env["HOLDFAST_CONFIG"], directory = process.cwd()): Places {
  const wanted = named?.trim();
  return wanted ? { paths: [path.resolve(directory, wanted)], isNamed: true } : { paths: configNames.map((name) => path.join(directory, name)), isNamed: false };
}

export type Found = { kind: "none" } | { kind: "file"; path: string; text: string; hash: string } | { kind: "problem"; path: string; message: string };

/** The file that is there, with what is in it. */
export async function findConfig({ paths, isNamed }: Places): Promise<Found> {
  const there = await Promise.all(paths.map((file) => exists(file)));
  const [first, second] = paths.filter((_, index) => there[index]);
  if (first === undefined) return isNamed && paths[0] ? { kind: "problem", path: paths[0], message: "HOLDFAST_CONFIG names this file, and it does not exist." } : { kind: "none" };
  if (second !== undefined) return { kind: "problem", path: first, message: `There is ${path.basename(second)} beside it, and only one file can decide. Remove one of them.` };
  return read(first);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR");
}

async function read(file: string): Promise<Found> {
  // Not blocking: a named pipe would wait for a writer for ever.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => whyOf(error));
  if (typeof handle === "string") return { kind: "problem", path: file, message: `It cannot be read: ${handle}.` };
  try {
    const { size } = await handle.stat();
    if (size > mostBytes) return { kind: "problem", path: file, message: `It has ${bytes(size)}; more than ${bytes(mostBytes)} is not read.` };
    const content = await handle.readFile();
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    return { kind: "file", path: file, text, hash: createHash("sha256").update(content).digest("hex") };
  } catch (error) {
    return { kind: "problem", path: file, message: error instanceof TypeError ? "It is not UTF-8 text." : `It cannot be read: ${whyOf(error)}.` };
  } finally {
    await handle.close();
  }
}
