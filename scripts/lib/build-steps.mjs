import { chmodSync, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { hashOf, isCurrent, markBuilt } from "./inputs.mjs";
import { withLock } from "./lock.mjs";
import { inRoot, root } from "./paths.mjs";
import { step } from "./progress.mjs";

const isTest = (file) => /\.test\.[a-z]+$|[/\\]testing$/.test(file);
const isGenerated = (file) => file.endsWith(path.join("lib", "db", "generated"));

/** Writes the Prisma client when the schema is not the one it was written from. */
export async function generateClient() {
  const hash = hashOf(["prisma/schema.prisma", "node_modules/prisma/package.json"]);
  if (isCurrent("client", hash, ["lib/db/generated/client.ts"])) return;
  await step("Generate the database client", async () => {
    await run(process.execPath, [inRoot("scripts", "prisma.mjs"), "generate"], { cwd: root });
    markBuilt("client", hash);
  });
}

/** Programs that run outside Next: each becomes one file in dist/, with the packages left in node_modules. */
function programs() {
  const entries = {
    worker: "lib/worker/main.ts",
    "reset-password": "lib/users/reset-password-cli.ts",
    holdfast: "cli/main.ts",
  };
  for (const file of readdirSync(inRoot("scripts"))) {
    if (file.endsWith(".ts") && !isTest(file)) entries[path.basename(file, ".ts")] = `scripts/${file}`;
  }
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(inRoot(file))));
}

/** Everything that goes into the programs. */
export const programInputs = ["lib", "cli", "bench", "scripts", "prisma/schema.prisma", "package-lock.json", "tsconfig.json"];

/** Bundles the worker and the command-line programs. */
export async function bundlePrograms() {
  const entries = programs();
  const hash = hashOf(programInputs, {
    ignore: (file) => isTest(file) || isGenerated(file),
    salt: JSON.stringify(entries),
  });
  if (isCurrent("programs", hash, Object.keys(entries).map((name) => `dist/${name}.js`))) return;
  await step("Bundle the worker", async ({ done }) => {
    const { build } = await import("esbuild");
    await build({
      absWorkingDir: root,
      entryPoints: entries,
      outdir: "dist",
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      packages: "external",
      sourcemap: true,
      // That package throws outside React's server condition, which plain Node does not set.
      alias: { "server-only": inRoot("node_modules", "server-only", "empty.js") },
      logLevel: "error",
    });
    // The command line is run by its own name: package.json "bin", and the image's /usr/local/bin.
    chmodSync(inRoot("dist", "holdfast.js"), 0o755);
    markBuilt("programs", hash);
    done(`Programs bundled: ${Object.keys(entries).join(", ")}`);
  });
}

/** Everything `next build` reads. */
export const webInputs = [
  "app", "components", "lib", "pages", "public", "prisma/schema.prisma", "package-lock.json", "tsconfig.json",
  "next.config.ts", "postcss.config.mjs", "proxy.ts", "instrumentation.ts",
];

/** Builds the web application. */
export async function buildWeb() {
  const hash = hashOf(webInputs, { ignore: (file) => isTest(file) || isGenerated(file), salt: process.version });
  if (isCurrent("web", hash, [".next/BUILD_ID"])) return;
  await step("Build the web application", async ({ say, done }) => {
    const next = inRoot("node_modules", "next", "dist", "bin", "next");
    await run(process.execPath, [next, "build"], {
      cwd: root,
      env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      onLine: (line) => say(line.slice(0, 80)),
    });
    markBuilt("web", hash);
    done("Web application built");
  });
}

/** All of it, or all but the web application. Two builds at once would write into each other's directories. */
export async function buildAll({ web = true } = {}) {
  await withLock(
    `build-${root}`,
    async () => {
      await generateClient();
      await bundlePrograms();
      if (web) await buildWeb();
    },
    { onWait: () => console.log("  Another build of this directory is running. Waiting for it.") },
  );
}
