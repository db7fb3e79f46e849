import { z } from "zod";
import { ConfigFile } from "./schemas";

/** The file's schema for editors, as `docs/holdfast.config.schema.json` publishes it. */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(ConfigFile, { io: "input", target: "draft-7", unrepresentable: "any" }) as JsonSchema;
  return { ...schema, title: "Holdfast configuration", description: "Settings of Holdfast from a file. docs/configuration.md has every key." };
}

/** As far as it is read here. */
export interface JsonSchema {
  [key: string]: unknown;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** The keys that may stand at a place of the file. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  let places: JsonSchema[] = [configJsonSchema()];
  for (const step of path) places = places.flatMap(branches).flatMap((place) => within(place, step));
  return [...new Set(places.flatMap(branches).flatMap((place) => Object.keys(place.properties ?? {})))];
}

function branches(schema: JsonSchema): JsonSchema[] {
  const several = schema.anyOf ?? schema.oneOf;
  return several ? several.flatMap(branches) : [schema];
}

function within({ properties, additionalProperties, items }: JsonSchema, step: PropertyKey): JsonSchema[] {
  if (typeof step === "number") return items ? [items] : [];
  const found = properties?.[String(step)] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
  return found ? [found] : [];
}
