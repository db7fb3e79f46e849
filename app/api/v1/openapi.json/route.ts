import { openApiDocument } from "@/lib/api/document";

/** What the API can do, for programs. It says nothing of this installation, so it needs no token. */
export function GET(): Response {
  return Response.json(openApiDocument());
}
