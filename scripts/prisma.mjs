// Runs the Prisma CLI with the WebAssembly schema engine from npm, so that nothing is downloaded at build time.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const engine = fileURLToPath(new URL("./prisma-engine.mjs", import.meta.url));
const prisma = fileURLToPath(new URL("../node_modules/prisma/build/index.js", import.meta.url));

const { status } = spawnSync(process.execPath, [prisma, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: {
    ...process.env,
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? engine,
  },
});
process.exit(status ?? 1);
