import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import type { Engine } from "./engine";
import { dockerErrors } from "./errors";

const Inspect = z.object({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  State: z.object({ Status: z.string(), StartedAt: z.string(), OOMKilled: z.boolean().optional(), ExitCode: z.number().optional() }),
  Config: z.object({ Image: z.string(), Env: z.array(z.string()).nullable(), User: z.string().optional() }),
  Mounts: z.array(z.object({ Type: z.string().optional(), Source: z.string().optional(), Destination: z.string() })).optional(),
});

export interface ContainerInfo {
  id: string;
  name: string;
  image: string;
  /** What that name meant when the container was made: names move to other images. */
  imageId: string;
  /** Docker's own word: running, exited, created, paused, restarting, dead. */
  state: string;
  startedAt: string;
  /** Of its last end. */
  exitCode: number | null;
  env: Record<string, string>;
}

/** Reads one container. Throws `docker.container_missing`. */
export async function inspectContainer(engine: Engine, container: string): Promise<ContainerInfo> {
  try {
    const { Id, Name, Image, State, Config } = Inspect.parse(await engine.docker.getContainer(container).inspect());
    return {
      id: Id,
      name: Name.replace(/^\//, ""),
      image: Config.Image,
      imageId: Image,
      state: State.Status,
      startedAt: State.StartedAt,
      exitCode: State.ExitCode ?? null,
      env: Object.fromEntries((Config.Env ?? []).map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)])),
    };
  } catch (error) {
    if (error instanceof AppError || error instanceof z.ZodError) throw error;
    const status = (error as { statusCode?: number }).statusCode;
    if (status === 404) throw dockerErrors.container_missing({ container }, { cause: error });
    if (status === undefined) throw dockerErrors.unreachable({ tried: engine.endpoint }, { cause: error });
    throw dockerErrors.engine_failed({ what: `reading the container ${container}` }, { cause: error });
  }
}

/** The same, and it has to be running. Throws `docker.container_stopped`, whose hint starts it. */
export async function runningContainer(engine: Engine, container: string): Promise<ContainerInfo> {
  const info = await inspectContainer(engine, container);
  if (info.state !== "running") throw dockerErrors.container_stopped({ container: info.name, state: info.state });
  return info;
}

const Top = z.object({ Processes: z.array(z.array(z.string())).nullable() });

/** The command lines of what runs in a container, as the Engine's machine sees them: nothing is started in the container for it. */
export async function commandsIn(engine: Engine, container: string): Promise<string[]> {
  try {
    const { Processes } = Top.parse(await engine.docker.getContainer(container).top());
    return (Processes ?? []).map((columns) => columns.at(-1) ?? "");
  } catch (error) {
    if (error instanceof AppError || error instanceof z.ZodError) throw error;
    throw dockerErrors.engine_failed({ what: `listing what runs in the container ${container}` }, { cause: error });
  }
}

export interface ListedContainer {
  id: string;
  name: string;
  image: string;
  state: string;
  status: string;
  labels: Readonly<Record<string, string>>;
}

/** Every container of the engine, stopped ones included. */
export async function listContainers(engine: Engine): Promise<ListedContainer[]> {
  try {
    const all = await engine.docker.listContainers({ all: true });
    return all.map((one) => ({
      id: one.Id,
      name: (one.Names[0] ?? one.Id.slice(0, 12)).replace(/^\//, ""),
      image: one.Image,
      state: one.State,
      status: one.Status,
      labels: one.Labels,
    }));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw dockerErrors.unreachable({ tried: engine.endpoint }, { cause: error });
  }
}
