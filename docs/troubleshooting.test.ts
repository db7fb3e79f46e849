import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const text = readFileSync("docs/troubleshooting.md", "utf8");

/** Every file that declares how a module can fail, wherever it lies under lib, and that of the command line. */
const tables = [
  ...readdirSync("lib", { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "errors.ts" && file !== "errors.ts")
    .map((file) => path.join("lib", file)),
  "cli/errors.ts",
];

async function codesIn(file: string): Promise<string[]> {
  const exported = (await import(path.resolve(file))) as Record<string, unknown>;
  const [table] = Object.entries(exported).filter(([name]) => name.endsWith("Errors")).map(([, value]) => value as Record<string, unknown>);
  const [, module] = /defineErrors\("([^"]+)"/.exec(readFileSync(file, "utf8")) ?? [];
  if (!table || !module) throw new Error(`${file} declares no table of errors.`);
  return Object.keys(table).map((name) => `${module}.${name}`);
}

it.each(tables)("explains every error of %s", async (file) => {
  const missing = (await codesIn(file)).filter((code) => !text.includes(`\`${code}\` |`));
  expect(missing).toEqual([]);
});

it("explains no error that is gone", async () => {
  const known = (await Promise.all(tables.map(codesIn))).flat();
  const explained = [...text.matchAll(/^\| `([a-z_]+\.[a-z_]+)` \|/gm)].map(([, code]) => code);
  expect(explained.filter((code) => !known.includes(code ?? ""))).toEqual([]);
});
