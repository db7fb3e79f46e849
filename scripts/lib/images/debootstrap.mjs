// Makes an image out of a distribution's packages, for Engines that reach no image registry.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import path from "node:path";
import { installPackages, isDebianRoot } from "../apt.mjs";
import { run } from "../command.mjs";
import { ask, follow, query } from "../engine-http.mjs";
import { Stop } from "../progress.mjs";

const workDirectory = "/var/tmp";

/** Whether this machine can build images; if not, why. */
export function whyNotBuild() {
  return isDebianRoot() ? null : "building one from Debian's packages needs root on Debian or Ubuntu";
}

/** Installs what building takes. Before the first image, and not while a progress line is open. */
export async function ensureDebootstrap() {
  const why = whyNotBuild();
  if (why) throw new Stop(`No image could be pulled, and ${why}.`);
  if (existsSync("/usr/sbin/debootstrap") && existsSync("/usr/share/keyrings/debian-archive-keyring.gpg")) return;
  await installPackages(["debootstrap", "debian-archive-keyring"], "Install debootstrap, to build images from Debian's packages");
}

/**
 * Unpacks `suite` with `packages` into a directory, lets `prepare(directory)` finish it, and imports the result as `tag`.
 * `changes` are Dockerfile lines such as `ENV A=b`.
 */
export async function buildImage(engine, { tag, suite, packages, prepare, changes, say }) {
  const prefix = `holdfast-image-${tag.replace(/[^a-z0-9]+/g, "-")}-`;
  // The caller holds the lock of this tag, so whatever lies here is from a build that was cut off.
  for (const name of readdirSync(workDirectory).filter((entry) => entry.startsWith(prefix))) await remove(path.join(workDirectory, name));
  const directory = mkdtempSync(path.join(workDirectory, prefix));
  try {
    await debootstrap(suite, packages, directory, say);
    say("preparing the image");
    await prepare(directory);
    for (const left of ["var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "var/log"]) await remove(path.join(directory, left));
    say("importing the image");
    await importDirectory(engine, directory, tag, changes);
  } finally {
    await remove(directory);
  }
}

async function debootstrap(suite, packages, directory, say) {
  const onLine = (line) => say(line.replace(/^[A-Z]: /, "").slice(0, 60));
  // In a mount namespace of its own: what it mounts inside goes away with it, whichever way it ends.
  const args = ["--mount", "debootstrap", "--variant=minbase", `--include=${packages.join(",")}`, suite, directory];
  const mirror = process.env.HOLDFAST_DEBIAN_MIRROR;
  await run("unshare", mirror ? [...args, mirror] : args, { onLine }).catch((error) => {
    if (mirror) throw error;
    throw new Stop(`${error.message}\nThe packages of a release that is no longer supported move to an archive. Name a mirror that has ${suite} in HOLDFAST_DEBIAN_MIRROR.`);
  });
}

async function importDirectory(engine, directory, tag, changes) {
  const tar = spawn("tar", ["-C", directory, "--numeric-owner", "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const packed = new Promise((resolve, reject) => {
    tar.on("error", reject);
    tar.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`tar exited ${code}`))));
  });
  const target = `/images/create${query({ fromSrc: "-", changes })}`;
  const [last] = await Promise.all([follow(engine.endpoint, "POST", target, { body: tar.stdout, timeoutMs: 300_000 }), packed]);
  const [repo, version] = tag.split(":");
  // Named only now, when all of it is there.
  await ask(engine.endpoint, "POST", `/images/${encodeURIComponent(last.status)}/tag${query({ repo, tag: version })}`);
}

const remove = (directory) => run("rm", ["-rf", "--one-file-system", "--", directory]);
