import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { inspectContainer } from "./containers";
import type { Engine } from "./engine";
import { dockerErrors } from "./errors";

const Whole = z.object({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  Config: z.object({
    Env: z.array(z.string()).nullish(),
    Cmd: z.array(z.string()).nullish(),
    Entrypoint: z.array(z.string()).nullish(),
    WorkingDir: z.string().nullish(),
    User: z.string().nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  HostConfig: z.object({
    Memory: z.number().nullish(),
    NanoCpus: z.number().nullish(),
    PidsLimit: z.number().nullish(),
    CapAdd: z.array(z.string()).nullish(),
    CapDrop: z.array(z.string()).nullish(),
    GroupAdd: z.array(z.string()).nullish(),
    Tmpfs: z.record(z.string(), z.string()).nullish(),
    ReadonlyRootfs: z.boolean().nullish(),
    Init: z.boolean().nullish(),
  }),
  Mounts: z.array(z.object({ Type: z.string(), Name: z.string().nullish(), Source: z.string().nullish(), Destination: z.string() })).nullish(),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ Aliases: z.array(z.string()).nullish() })).nullish() }).nullish(),
});

export interface LiveMount {
  type: string;
  /** The volume's name; null for what is none. */
  volume: string | null;
  /** The host's directory, also of a volume that is one; empty for a tmpfs. */
  source: string;
  target: string;
  /** What is mounted is a socket, not a directory or a file. */
  isSocket: boolean;
}

/** A container as it was made, running or not: all that a copy of it is made of. */
export interface LiveContainer {
  id: string;
  name: string;
  imageId: string;
  /** `NAME=value`. */
  env: string[];
  command: string[];
  entrypoint: string[];
  workingDirectory: string;
  user: string;
  labels: Record<string, string>;
  /** In its networks. */
  aliases: string[];
  mounts: LiveMount[];
  /** Options by path. */
  tmpfs: Record<string, string>;
  /** 0: without a limit, here and below. */
  memoryBytes: number;
  nanoCpus: number;
  processes: number;
  capabilities: { added: string[]; dropped: string[] };
  groups: string[];
  isReadOnly: boolean;
  hasInit: boolean;
}

/** Reads a container whole. Throws `docker.container_missing`. */
export async function readLiveContainer(engine: Engine, container: string): Promise<LiveContainer> {
  const { id } = await inspectContainer(engine, container);
  try {
    const { Id, Name, Image, Config, HostConfig, Mounts, NetworkSettings } = Whole.parse(await engine.docker.getContainer(id).inspect());
    return {
      id: Id,
      name: Name.replace(/^\//, ""),
      imageId: Image,
      env: Config.Env ?? [],
      command: Config.Cmd ?? [],
      entrypoint: Config.Entrypoint ?? [],
      workingDirectory: Config.WorkingDir ?? "",
      user: Config.User ?? "",
      labels: Config.Labels ?? {},
      aliases: Object.values(NetworkSettings?.Networks ?? {}).flatMap(({ Aliases }) => Aliases ?? []),
      mounts: await Promise.all((Mounts ?? []).map((mount) => readMount(engine, Id, mount))),
      tmpfs: HostConfig.Tmpfs ?? {},
      memoryBytes: HostConfig.Memory ?? 0,
      nanoCpus: HostConfig.NanoCpus ?? 0,
      processes: Math.max(0, HostConfig.PidsLimit ?? 0),
      capabilities: { added: HostConfig.CapAdd ?? [], dropped: HostConfig.CapDrop ?? [] },
      groups: HostConfig.GroupAdd ?? [],
      isReadOnly: HostConfig.ReadonlyRootfs ?? false,
      hasInit: HostConfig.Init ?? false,
    };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw dockerErrors.engine_failed({ what: `reading the container ${container}` }, { cause });
  }
}

type Mount = NonNullable<z.output<typeof Whole>["Mounts"]>[number];

async function readMount(engine: Engine, id: string, { Type, Name, Source, Destination }: Mount): Promise<LiveMount> {
  const volume = Type === "volume" ? (Name ?? null) : null;
  const source = (volume && (await deviceOf(engine, volume))) ?? Source ?? "";
  return { type: Type, volume, source, target: Destination, isSocket: Type === "bind" && (await isSocket(engine, id, Destination)) };
}

const Volume = z.object({ Options: z.object({ device: z.string().optional() }).nullish() });

/** A volume may be a name for a directory of the host. */
async function deviceOf(engine: Engine, volume: string): Promise<string | null> {
  const { Options } = Volume.parse(await engine.docker.getVolume(volume).inspect());
  return Options?.device ?? null;
}

/** Bit of Go's os.FileMode, in which the engine says what a path is (Docker Engine API, "Get information about files in a container"). */
const socketBit = 1 << 24;
const Answer = z.object({ headers: z.object({ "x-docker-container-path-stat": z.string() }) });
const Stat = z.object({ mode: z.number() });

/** What cannot be asked is taken for one. */
async function isSocket(engine: Engine, id: string, path: string): Promise<boolean> {
  try {
    const { headers } = Answer.parse(await engine.docker.getContainer(id).infoArchive({ path }));
    const { mode } = Stat.parse(JSON.parse(Buffer.from(headers["x-docker-container-path-stat"], "base64").toString()));
    return Math.floor(mode / socketBit) % 2 === 1;
  } catch {
    return true;
  }
}
