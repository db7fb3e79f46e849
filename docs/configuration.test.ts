import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configJsonSchema, type JsonSchema } from "@/lib/config/json-schema";
import { parseConfig } from "@/lib/config/parse";

const text = readFileSync("docs/configuration.md", "utf8");

/** The last part of every key of the file's schema. */
function keysIn(schema: JsonSchema): string[] {
  const inner = [...(schema.anyOf ?? schema.oneOf ?? []), ...(schema.items ? [schema.items] : []), ...(typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [])];
  return [...Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [key, ...keysIn(value)]), ...inner.flatMap(keysIn)];
}

it("names every key of the file", () => {
  const missing = [...new Set(keysIn(configJsonSchema()))].filter((key) => !new RegExp(`[.\`\\]]${key.replace("$", "\\$")}\``).test(text) && !text.includes(`${key}.`));
  expect(missing).toEqual([]);
});

it("has an example that is right", () => {
  const [, example] = /```yaml\n(# yaml-language-server[\s\S]*?)```/.exec(text) ?? [];
  expect(parseConfig(example ?? "nothing")).toMatchObject({ ok: true, file: { databases: { bimcalc: { checks: [{ expected: "0" }], retention: { everyDays: 30, weeks: 12 } } } } });
});
