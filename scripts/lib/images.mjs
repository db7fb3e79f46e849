import { chmodSync, copyFileSync, cpSync, existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { ask, follow, query } from "./engine-http.mjs";
import { buildImage, ensureDebootstrap } from "./images/debootstrap.mjs";
import { withLock } from "./lock.mjs";
import { inRoot } from "./paths.mjs";
import { step } from "./progress.mjs";

/** Debian's release that carries each major. */
const suites = { 13: "bullseye", 15: "bookworm", 17: "trixie", 18: "sid" };

export const postgresMajors = Object.keys(suites).map(Number);
export const postgresTag = (major) => `holdfast/postgres:${major}`;
export const nodeTag = `holdfast/node:${process.versions.node.split(".")[0]}`;

/** Silence for this long ends a pull: a closed network often drops packets rather than refusing them. */
const pullIdleMs = 20_000;

/** An image of PostgreSQL `major`, under the tag that it returns. */
export function ensurePostgresImage(engine, major) {
  return ensureImage(engine, { tag: postgresTag(major), official: `postgres:${major}`, build: (say) => buildPostgres(engine, major, say) });
}

/** `ensureNodeImage` without the long way: the tag when it is here or can be pulled, else null. */
export async function readyNodeImage(engine) {
  if (await imageExists(engine, nodeTag)) return nodeTag;
  const official = `node:${process.versions.node.split(".")[0]}-slim`;
  return (await imageExists(engine, official)) || (await pulled(engine, official)) ? official : null;
}

/** An image that runs this version of Node, for the demo application and for docker-compose.yml. */
export function ensureNodeImage(engine) {
  const major = process.versions.node.split(".")[0];
  return ensureImage(engine, { tag: nodeTag, official: `node:${major}-slim`, build: (say) => buildNode(engine, say) });
}

async function ensureImage(engine, { tag, official, build }) {
  if (await imageExists(engine, tag)) return tag;
  return withLock(`image-${tag}`, async () => {
    if (await imageExists(engine, tag)) return tag;
    if ((await imageExists(engine, official)) || (await pulled(engine, official))) {
      const [repo, version] = tag.split(":");
      await ask(engine.endpoint, "POST", `/images/${official}/tag${query({ repo, tag: version })}`);
      return tag;
    }
    await ensureDebootstrap();
    await step(`Build ${tag} from Debian's packages`, async ({ say, done }) => {
      await build(say);
      done(`Image ${tag} built from Debian's packages`);
    });
    return tag;
  }, { onWait: () => console.log(`  Another process is making ${tag}. Waiting for it.`) });
}

async function imageExists(engine, name) {
  try {
    await ask(engine.endpoint, "GET", `/images/${name}/json`);
    return true;
  } catch (error) {
    if (error.status === 404) return false;
    throw error;
  }
}

/** Where one image could not be pulled, waiting for the next is a waste. */
let registryAnswers = true;

async function pulled(engine, name) {
  if (!registryAnswers) return false;
  const [fromImage, tag] = name.split(":");
  return step(`Pull ${name}`, async ({ say, done }) => {
    const layers = new Map();
    const onMessage = ({ id, status, progressDetail }) => {
      if (id && progressDetail?.total) layers.set(`${id} ${status}`, progressDetail.current);
      const megabytes = [...layers].filter(([key]) => key.endsWith("Downloading")).reduce((sum, [, bytes]) => sum + bytes, 0) / 1e6;
      say(megabytes > 0 ? `${Math.round(megabytes)} MB` : (status ?? ""));
    };
    try {
      await follow(engine.endpoint, "POST", `/images/create${query({ fromImage, tag })}`, { onMessage, timeoutMs: pullIdleMs });
      done(`Image ${name} pulled`);
      return true;
    } catch {
      registryAnswers = false;
      done(`Image ${name} cannot be pulled here. Building one instead`);
      return false;
    }
  });
}

const label = "LABEL holdfast.image=1";

/** Builds and tags it, whether one is there already or not. */
export async function buildPostgres(engine, major, say) {
  const data = major >= 18 ? `/var/lib/postgresql/${major}/docker` : "/var/lib/postgresql/data";
  await buildImage(engine, {
    tag: postgresTag(major),
    suite: suites[major],
    packages: [`postgresql-${major}`, "zstd", "locales"],
    say,
    async prepare(directory) {
      writeFileSync(path.join(directory, "etc/locale.gen"), "en_US.UTF-8 UTF-8\n");
      await run("chroot", [directory, "locale-gen"]);
      // The cluster that Debian's package makes is not the container's.
      for (const left of [`var/lib/postgresql/${major}`, `etc/postgresql/${major}`]) await run("rm", ["-rf", "--", path.join(directory, left)]);
      const sample = path.join(directory, `usr/share/postgresql/${major}/postgresql.conf.sample`);
      writeFileSync(sample, readFileSync(sample, "utf8").replace(/^#?listen_addresses = .*$/m, "listen_addresses = '*'"));
      install("postgres-entrypoint.sh", path.join(directory, "usr/local/bin/docker-entrypoint.sh"));
      await run("mkdir", ["-p", path.join(directory, "docker-entrypoint-initdb.d")]);
    },
    changes: [
      label,
      `ENV PATH=/usr/lib/postgresql/${major}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      "ENV LANG=en_US.utf8",
      `ENV PG_MAJOR=${major}`,
      `ENV PGDATA=${data}`,
      `VOLUME ${major >= 18 ? "/var/lib/postgresql" : data}`,
      'ENTRYPOINT ["docker-entrypoint.sh"]',
      'CMD ["postgres"]',
      "EXPOSE 5432",
    ],
  });
}

/** Node itself comes from this machine: it is the one version known to run Holdfast here. */
async function buildNode(engine, say) {
  await buildImage(engine, {
    tag: nodeTag,
    suite: "bookworm",
    packages: ["libstdc++6", "libatomic1", "ca-certificates"],
    say,
    prepare(directory) {
      const local = path.join(directory, "usr/local");
      copyFileSync(realpathSync(process.execPath), path.join(local, "bin/node"));
      chmodSync(path.join(local, "bin/node"), 0o755);
      const npm = path.join(path.dirname(realpathSync(process.execPath)), "../lib/node_modules/npm");
      if (!existsSync(npm)) return;
      cpSync(npm, path.join(local, "lib/node_modules/npm"), { recursive: true });
      writeFileSync(path.join(local, "bin/npm"), '#!/bin/sh\nexec node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"\n', { mode: 0o755 });
    },
    changes: [label, "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 'CMD ["node"]'],
  });
}

function install(name, target) {
  copyFileSync(inRoot("scripts", "lib", "images", name), target);
  chmodSync(target, 0o755);
}
