#!/usr/bin/env node
// The Prisma CLI talks to a schema engine over JSON-RPC on stdio. Its native engine is a download that closed networks
// refuse; the same engine is on npm as WebAssembly. This file speaks the protocol for the commands developers use:
// `generate` (which only checks that the engine exists) and `migrate diff` (which writes a migration from the schema).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import readline from "node:readline";
import { parseArgs } from "node:util";

const require = createRequire(import.meta.url);
const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
const wasm = require.resolve("@prisma/schema-engine-wasm").replace(/schema_engine\.js$/, "schema_engine_bg.wasm");
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { "./schema_engine_bg.js": glue });
let panic = "";
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => (panic = message) };
glue.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

if (process.argv.includes("--version")) {
  console.log(`schema-engine-wasm ${glue.version()}`);
  process.exit(0);
}

const { values } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { datamodels: { type: "string", multiple: true }, datasource: { type: "string" } },
});

let engine;
async function schemaEngine() {
  if (engine) return engine;
  const { bindMigrationAwareSqlAdapterFactory } = await import("@prisma/driver-adapter-utils");
  const { PrismaLibSql } = await import("@prisma/adapter-libsql");
  const url = values.datasource ? JSON.parse(values.datasource).url : "file:./data/holdfast.db";
  const models = (values.datamodels ?? []).map((file) => [file, readFileSync(file, "utf8")]);
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaLibSql({ url, intMode: "bigint" }));
  return (engine = await glue.SchemaEngine.new({ datamodels: models.length ? models : undefined }, () => {}, factory));
}

const answer = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const methodNames = { getDatabaseVersion: "version" };

async function handle({ id, method, params }) {
  try {
    const result = await (await schemaEngine())[methodNames[method] ?? method](params ?? undefined);
    if (method === "diff" && result?.stdout) answer({ id: 0, method: "print", params: { content: result.stdout } });
    answer({ id, result: result ?? {} });
  } catch (error) {
    const message = panic || String(error?.message ?? error);
    answer({ id, error: { code: 4466, message: "error", data: { is_panic: Boolean(panic), message, error_code: error?.code } } });
  }
}

let queue = Promise.resolve();
readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const request = JSON.parse(line);
    if (request.method) queue = queue.then(() => handle(request));
  })
  .on("close", () => queue.then(() => process.exit(0)));
