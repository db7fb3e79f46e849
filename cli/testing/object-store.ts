import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** `npm test` puts it there (scripts/lib/object-store.mjs). */
const place = fileURLToPath(new URL("../../node_modules/.cache/holdfast-s3/", import.meta.url));
const suffix = "._S3rver_object";

interface Server {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
}
type ServerClass = new (options: Record<string, unknown>) => Server;

export interface ObjectStore {
  url: string;
  /** Access key and secret. */
  key: string;
  /** Names of the objects in a bucket, sorted. */
  keys(bucket: string): string[];
  stop(): Promise<void>;
}

/** A real S3 server on loopback, for clients of it. */
export async function startObjectStore(buckets: readonly string[]): Promise<ObjectStore> {
  const S3rver = createRequire(place)("s3rver") as ServerClass;
  const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-objects-"));
  const server = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory, configureBuckets: buckets.map((name) => ({ name })) });
  const { port } = await server.run();
  return {
    url: `http://127.0.0.1:${port}`,
    key: "S3RVER",
    keys: (bucket) => readdirSync(path.join(directory, bucket), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length)).sort(),
    async stop() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
