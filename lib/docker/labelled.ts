import "server-only";
import { Readable } from "node:stream";
import type { ContainerCreateOptions } from "dockerode";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import type { Engine } from "./engine";
import { dockerErrors } from "./errors";
import { frames, Tail } from "./frames";

/** What an image says of itself, as far as a container of it depends on that. */
export interface ImageInfo {
  id: string;
  entrypoint: string[];
  /** Where the image keeps data: each gets a volume of its own. */
  volumes: string[];
}

const Image = z.object({
  Id: z.string(),
  Config: z
    .object({
      Entrypoint: z.union([z.array(z.string()), z.string()]).nullish(),
      Volumes: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
});

/** Reads an image of the engine by name or id; null when there is none. Nothing is ever pulled. */
export async function inspectImage(engine: Engine, image: string): Promise<ImageInfo | null> {
  try {
    const { Id, Config } = Image.parse(await engine.docker.getImage(image).inspect());
    return { id: Id, entrypoint: [Config?.Entrypoint ?? []].flat(), volumes: Object.keys(Config?.Volumes ?? {}) };
  } catch (error) {
    if (statusOf(error) === 404 || statusOf(error) === 400) return null;
    throw engineFailed("reading an image", error);
  }
}

/** Cores and memory of the machine that the engine runs on. */
export async function engineSize(engine: Engine): Promise<{ cores: number; memoryBytes: number }> {
  try {
    const { NCPU, MemTotal } = z.object({ NCPU: z.number(), MemTotal: z.number() }).parse(await engine.docker.info());
    return { cores: NCPU, memoryBytes: MemTotal };
  } catch (error) {
    throw engineFailed("asking for its size", error);
  }
}

/** Creates and starts a container, and removes it again when it does not start. */
export async function startContainer(engine: Engine, options: ContainerCreateOptions): Promise<string> {
  let id: string | undefined;
  try {
    const container = await engine.docker.createContainer(options);
    id = container.id;
    await container.start();
    return id;
  } catch (error) {
    if (id) await removeContainer(engine, id);
    throw engineFailed("starting a container", error);
  }
}

/** Removes a container with the volumes that have no name; one that is gone already is a success. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  try {
    await engine.docker.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    // 409: somebody is removing it at this moment.
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw engineFailed("removing a container", error);
  }
}

export interface Labelled {
  kind: "container" | "volume";
  id: string;
  labels: Record<string, string>;
}

/** Every container and volume that carries all of `labels`, stopped ones included. */
export async function listLabelled(engine: Engine, labels: Readonly<Record<string, string>>): Promise<Labelled[]> {
  const filters = { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) };
  try {
    const [containers, { Volumes }] = await Promise.all([
      engine.docker.listContainers({ all: true, filters }),
      engine.docker.listVolumes({ filters: JSON.stringify(filters) }),
    ]);
    return [
      ...containers.map(({ Id, Labels }) => ({ kind: "container" as const, id: Id, labels: Labels })),
      ...(Volumes ?? []).map(({ Name, Labels }) => ({ kind: "volume" as const, id: Name, labels: Labels ?? {} })),
    ];
  } catch (error) {
    throw engineFailed("listing what carries a label", error);
  }
}

/** Removes what `listLabelled` found, containers first. A volume that a container still uses stays until that one is gone. */
export async function removeLabelled(engine: Engine, found: readonly Labelled[]): Promise<void> {
  for (const { id } of found.filter(({ kind }) => kind === "container")) await removeContainer(engine, id);
  for (const { id } of found.filter(({ kind }) => kind === "volume")) {
    try {
      await engine.docker.getVolume(id).remove();
    } catch (error) {
      if (statusOf(error) !== 404 && statusOf(error) !== 409) throw engineFailed("removing a volume", error);
    }
  }
}

/** The end of what a container wrote: why it stopped, in its own words. Empty when it cannot be asked. */
export async function lastWords(engine: Engine, id: string): Promise<string> {
  try {
    const log = await engine.docker.getContainer(id).logs({ stdout: true, stderr: true, tail: 20, follow: false });
    const tail = new Tail(4_096);
    for await (const { payload } of frames(Readable.from([log]))) tail.push(payload);
    return tail.read().trim();
  } catch {
    return "";
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

function engineFailed(what: string, cause: unknown) {
  if (cause instanceof AppError) return cause;
  if (statusOf(cause) === undefined && !(cause instanceof z.ZodError)) return dockerErrors.unreachable({ tried: "the engine that answered before" }, { cause });
  return dockerErrors.engine_failed({ what }, { cause });
}
