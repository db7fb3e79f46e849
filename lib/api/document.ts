import "server-only";
import { z } from "zod";
import { httpStatus } from "@/lib/errors";
import { version } from "@/package.json";
import { ErrorAnswer } from "./answers";
import { operations } from "./operations";
import { pathParameters, type Operation } from "./operation";

type Json = Record<string, unknown>;
interface Shape {
  properties: Record<string, Json>;
  required: readonly string[];
}

/** What each status of an error means, from the one table of them. */
const refusals = Object.entries(httpStatus).reduce<Record<number, string[]>>((found, [kind, status]) => ({ ...found, [status]: [...(found[status] ?? []), kind] }), {});
const errors = Object.fromEntries(Object.keys(refusals).map((status) => [status, { $ref: `#/components/responses/${status}` }]));
const errorBody = { "application/json": { schema: { $ref: "#/components/schemas/Error" } } };

const file = {
  get: {
    operationId: "backup_download",
    summary: "The file of a backup, with ranges. Scope: download",
    tags: ["backups"],
    servers: [{ url: "/api" }],
    parameters: [
      { name: "backupId", in: "path", required: true, schema: { type: "string" } },
      { name: "part", in: "query", required: false, schema: { type: "string", enum: ["backup", "roles", "sidecar"], default: "backup" } },
    ],
    responses: { 200: { description: "The bytes", content: { "application/octet-stream": {} } }, 206: { description: "The bytes of the range that was asked for", content: { "application/octet-stream": {} } }, ...errors },
  },
};

/** The API as OpenAPI 3.1, made from the schemas that parse its requests. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = { "/backups/{backupId}/file": file };
  for (const operation of operations) paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) };
  return {
    openapi: "3.1.0",
    info: { title: "Holdfast", version, description: "Backups of PostgreSQL: take, prove, restore. Every request carries an API token; its scopes say what it may do." },
    servers: [{ url: "/api/v1" }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", description: "An API token: hf_…" } },
      responses: Object.fromEntries(Object.entries(refusals).map(([status, kinds]) => [status, { description: `\`error.kind\` is ${kinds.join(" or ")}. What happened, what it means, what to do; \`error.code\` does not change between versions.`, content: errorBody }])),
      schemas: { Error: answerSchema(ErrorAnswer) },
    },
  };
}

function describe({ attempt, method, path, summary, scope, input, answer, starts }: Operation): Json {
  const { properties, required } = shapeOf(input);
  const inPath = pathParameters(path);
  const rest = Object.keys(properties).filter((name) => !inPath.includes(name));
  const inQuery = method === "GET" || method === "DELETE" ? rest : [];
  const inBody = method === "GET" || method === "DELETE" ? [] : rest;
  const parameter = (name: string, where: "path" | "query") => ({ name, in: where, required: where === "path" || required.includes(name), schema: properties[name] });
  const body = { type: "object", properties: Object.fromEntries(inBody.map((name) => [name, properties[name]])), required: required.filter((name) => inBody.includes(name)), additionalProperties: false };
  return {
    operationId: attempt.replace(".", "_"),
    summary: `${summary}. Scope: ${scope}`,
    tags: [path.split("/")[1]],
    parameters: [...inPath.map((name) => parameter(name, "path")), ...inQuery.map((name) => parameter(name, "query"))],
    ...(inBody.length > 0 ? { requestBody: { required: body.required.length > 0, content: { "application/json": { schema: body } } } } : {}),
    responses: {
      [starts ? 202 : 200]: { description: starts ? "The run was started; its outcome is told by the run" : "Done", content: { "application/json": { schema: answerSchema(answer) } } },
      ...errors,
    },
  };
}

function shapeOf(schema: z.ZodObject): Shape {
  const { properties, required } = z.object({ properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}), required: z.array(z.string()).default([]) }).parse(schemaOf(schema));
  return { properties, required };
}

/** What is sent has all that a default would fill in, and may get members that are not here yet. */
function answerSchema(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any", override: ({ jsonSchema }) => { if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties; } }) as Json;
  return rest;
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;
  return rest;
}
