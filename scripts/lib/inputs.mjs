// Tells whether something built is still what its inputs say, by their contents: times change with every checkout.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRoot, root } from "./paths.mjs";

const stampFile = inRoot("dist", ".inputs.json");

function* filesUnder(target, isIgnored) {
  if (!existsSync(target) || isIgnored(target)) return;
  if (!statSync(target).isDirectory()) return void (yield target);
  for (const name of readdirSync(target).sort()) yield* filesUnder(path.join(target, name), isIgnored);
}

/** One hash over the names and contents of everything under `targets` (relative to the project). */
export function hashOf(targets, { ignore = () => false, salt = "" } = {}) {
  const hash = createHash("sha256").update(salt);
  for (const target of targets) {
    for (const file of filesUnder(inRoot(target), ignore)) {
      const content = readFileSync(file);
      hash.update(`\0${path.relative(root, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

function stamps() {
  return existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, "utf8")) : {};
}

/** Whether `name` was last built from these inputs and all of `outputs` are still there. */
export function isCurrent(name, hash, outputs) {
  return stamps()[name] === hash && outputs.every((output) => existsSync(inRoot(output)));
}

/** Remembers what `name` was built from. */
export function markBuilt(name, hash) {
  mkdirSync(inRoot("dist"), { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify({ ...stamps(), [name]: hash }, null, 2)}\n`);
}
