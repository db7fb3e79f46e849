import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";
import { step } from "./progress.mjs";

/** Where the Dockerfile's target `prebuilt` takes the packages from. */
const target = inRoot("dist", "node_modules");

/** Makes a second node_modules with only what running needs, out of hard links: no package registry, next to no disk. */
export async function linkProductionModules() {
  await step("Gather the packages that running needs", ({ done }) => {
    rmSync(target, { recursive: true, force: true });
    const { packages } = JSON.parse(readFileSync(inRoot("package-lock.json"), "utf8"));
    let count = 0;
    for (const [location, entry] of Object.entries(packages)) {
      if (!location || entry.dev || !existsSync(inRoot(location))) continue;
      link(inRoot(location), path.join(inRoot("dist"), location));
      count += 1;
    }
    done(`${count} packages gathered in dist/node_modules`);
  });
}

/** A package's own files; packages inside it have lines of their own in the lock file. */
function link(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === "node_modules") continue;
    const [source, copy] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) link(source, copy);
    else if (entry.isFile()) linkSync(source, copy);
    else cpSync(source, copy, { verbatimSymlinks: true });
  }
}
