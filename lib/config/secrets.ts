import "server-only";
import { readFile } from "node:fs/promises";
import type { ChannelSecret } from "@/lib/alerts/schemas";
import { whyOf } from "@/lib/stores/errors";
import { ConfigRefused } from "./refused";
import type { ConfigFile } from "./schemas";

const names = ["password", "url", "signingSecret"] as const satisfies readonly (keyof ChannelSecret)[];
const longest = 4_096;

export type ChannelSecrets = ReadonlyMap<string, ChannelSecret>;

/**
 * The secrets that a file refers to, by channel. Throws `ConfigRefused` for a variable that is not set and a file that cannot be read. A
 * secret that changes under the same name counts from the next start of the worker.
 */
export async function readSecrets({ channels = {} }: ConfigFile, env: Readonly<Record<string, string | undefined>> = process.env): Promise<ChannelSecrets> {
  const found = new Map<string, ChannelSecret>();
  for (const [channel, written] of Object.entries(channels)) {
    const said = written as Readonly<Record<string, unknown>>;
    const secret: ChannelSecret = {};
    for (const name of names) {
      const place = ["channels", channel, name];
      const [reference, file] = [said[name], said[`${name}File`]];
      if (reference !== undefined && file !== undefined) throw new ConfigRefused(place, `Write either ${name} or ${name}File.`);
      if (typeof reference === "string") secret[name] = fromEnv(reference, place, env);
      if (typeof file === "string") secret[name] = await fromFile(file, ["channels", channel, `${name}File`]);
    }
    found.set(channel, secret);
  }
  return found;
}

function fromEnv(reference: string, place: readonly string[], env: Readonly<Record<string, string | undefined>>): string {
  const name = reference.slice(2, -1);
  const value = env[name];
  if (!value) throw new ConfigRefused(place, `${name} is not set in the environment of the worker.`);
  return value;
}

async function fromFile(file: string, place: readonly string[]): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new ConfigRefused(place, `${file} cannot be read: ${whyOf(error)}.`, { cause: error });
  });
  const [line = ""] = text.slice(0, longest).split(/\r?\n/);
  if (line === "") throw new ConfigRefused(place, `${file} is empty.`);
  return line;
}
