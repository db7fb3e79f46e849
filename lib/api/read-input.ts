import "server-only";
import { apiErrors } from "./errors";
import { pathParameters, type Operation } from "./operation";

/** Options of a backup are the longest thing that is sent here. */
const mostBytes = 256 * 1_024;

/** What a request says, from its path, its query or its body. Parsed by nobody yet. */
export async function readInput({ method, path }: Pick<Operation, "method" | "path">, request: Request, params: Readonly<Record<string, string | string[] | undefined>>): Promise<Record<string, unknown>> {
  const fromPath = Object.fromEntries(pathParameters(path).map((name) => [name, params[name]]));
  const rest = method === "GET" || method === "DELETE" ? Object.fromEntries(new URL(request.url).searchParams) : await readBody(request);
  return { ...rest, ...fromPath };
}

/** A JSON object; nothing at all stands for an empty one. Throws `api.no_json` and `api.too_long`. */
async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await readText(request);
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    throw apiErrors.no_json({}, { cause: error });
  }
  throw apiErrors.no_json({});
}

async function readText({ body }: Request): Promise<string> {
  if (!body) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw apiErrors.too_long({ bytes: mostBytes });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
