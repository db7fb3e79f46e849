import { readdirSync } from "node:fs";
import path from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { scopes } from "@/lib/tokens/schemas";
import { openApiDocument } from "./document";
import { methods, pathParameters } from "./operation";
import { operations } from "./operations";

const document = openApiDocument() as { paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string; schema: unknown }[]; requestBody?: { content: { "application/json": { schema: { properties: Record<string, unknown> } } } } }>> };
const described = Object.entries(document.paths).flatMap(([where, ways]) => Object.keys(ways).map((method) => `${method.toUpperCase()} ${where}`));

it("is a valid OpenAPI 3.1 document", async () => {
  const validator = new Validator();
  const result = await validator.validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

it("lists what the routes do, all of it and nothing else", async () => {
  const root = path.resolve("app/api/v1");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => path.basename(file) === "route.ts");
  const served = await Promise.all(files.map(async (file) => {
    const exported = (await import(path.join(root, file))) as Record<string, unknown>;
    const where = `/${path.dirname(file).replaceAll(/\[(\w+)\]/g, "{$1}")}`;
    return [...methods, "PATCH", "HEAD", "OPTIONS"].filter((method) => method in exported).map((method) => `${method} ${where}`);
  }));
  // The document does not describe itself, and the file is sent by a route of pages/api.
  expect(served.flat().filter((one) => one !== "GET /openapi.json").sort()).toEqual(described.filter((one) => one !== "GET /backups/{backupId}/file").sort());
});

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: unknown;
}

/** Whether somebody who reads it knows what members there are, all the way down. */
const isDescribed = ({ type, properties, items, anyOf, oneOf, additionalProperties }: Schema): boolean => {
  const either = anyOf ?? oneOf;
  if (either) return either.every(isDescribed);
  if (type === "array") return items !== undefined && isDescribed(items);
  if (type === "object") return properties ? Object.values(properties).every((one) => Object.keys(one).length > 0 && isDescribed(one)) : additionalProperties !== undefined;
  return true;
};

it.each(operations.map((one) => [`${one.method} ${one.path}`, one] as const))("describes what %s answers, and the errors", (_, operation) => {
  const { responses } = document.paths[operation.path]?.[operation.method.toLowerCase()] as unknown as { responses: Record<string, { $ref?: string; content?: { "application/json": { schema: Schema } } }> };
  const schema = responses[operation.starts ? "202" : "200"]?.content?.["application/json"].schema ?? {};
  expect(["object", "array", undefined]).toContain(schema.type);
  expect(Object.keys(schema)).not.toEqual([]);
  expect(isDescribed(schema)).toBe(true);
  for (const status of ["400", "401", "403", "404", "409", "412", "500", "503"]) expect(responses[status]).toEqual({ $ref: `#/components/responses/${status}` });
});

it("names every operation once", () => {
  const ids = operations.map(({ attempt }) => attempt);
  expect(new Set(ids).size).toBe(ids.length);
});

it.each(operations.map((one) => [`${one.method} ${one.path}`, one] as const))("describes every member of %s", (_, operation) => {
  const { parameters, requestBody } = document.paths[operation.path]?.[operation.method.toLowerCase()] ?? { parameters: [] };
  const names = [...parameters.map(({ name }) => name), ...Object.keys(requestBody?.content["application/json"].schema.properties ?? {})];
  expect(names.sort()).toEqual(Object.keys(operation.input.shape).sort());
  for (const name of pathParameters(operation.path)) expect(Object.keys(operation.input.shape)).toContain(name);
  expect(parameters.every(({ schema }) => schema !== undefined && Object.keys(schema as object).length > 0)).toBe(true);
});

it("has a use for every scope", () => {
  const elsewhere = ["metrics", "health", "download"];
  expect([...new Set([...operations.map(({ scope }) => scope), ...elsewhere])].sort()).toEqual([...scopes].sort());
});
