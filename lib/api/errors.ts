import { bytes } from "@/lib/format/bytes";
import { defineErrors } from "@/lib/errors";

export const apiErrors = defineErrors("api", {
  no_json: {
    kind: "invalid",
    message: (_: object) => "The body is not a JSON object. Nothing was done.",
    hint: () => "Send Content-Type: application/json and an object such as {\"databaseId\": \"…\"}.",
  },
  too_long: { kind: "invalid", message: (d: { bytes: number }) => `The body is longer than ${bytes(d.bytes)}. Nothing was done.` },
  unknown_fields: {
    kind: "invalid",
    message: (d: { names: readonly string[] }) => `Nothing here is called ${d.names.join(", ")}. Nothing was done.`,
    hint: () => "GET /api/v1/openapi.json lists what can be sent. Tokens go into the header, never into the address.",
  },
  name_database: {
    kind: "invalid",
    message: (_: object) => "This token reaches only certain databases, so say which one is meant.",
    hint: () => "Add databaseId to the query. GET /api/v1/databases lists those it reaches.",
  },
});
