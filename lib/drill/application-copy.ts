import type { ContainerCreateOptions } from "dockerode";
import type { LiveContainer, LiveMount } from "@/lib/docker/live-container";

/** Where a copy of an application's container is put. */
export interface CopyPlace {
  name: string;
  /** The scratch server's container, by id: the copy has its network, which is a loopback and nothing else. */
  network: string;
  labels: Record<string, string>;
  machine: { cores: number; memoryBytes: number };
  /** Where the image keeps data. */
  imageVolumes: readonly string[];
  /** The live database's container, where it is still there: what both of them have may hold a way to the live server. */
  database: Pick<LiveContainer, "mounts"> | null;
}

const gibibyte = 1 << 30;
const mostMemory = 2 * gibibyte;
const mostProcesses = 512;

/**
 * A container like the live one that can change nothing outside itself: no network, no ports, no devices, no privileges, the live one's
 * directories and volumes read-only, its log kept by the engine. Names and labels of the live one stay its own.
 */
export function copyOf(live: LiveContainer, place: CopyPlace): ContainerCreateOptions {
  const memory = atMost(live.memoryBytes, Math.min(mostMemory, Math.floor(place.machine.memoryBytes / 2)));
  const kept = live.mounts.filter((mount) => isKept(mount, place.database?.mounts ?? []));
  const covered = new Set([...kept.map(({ target }) => target), ...Object.keys(live.tmpfs)]);
  const bare = [...new Set([...live.mounts.filter(({ type }) => type === "tmpfs").map(({ target }) => target), ...place.imageVolumes])].filter((target) => !covered.has(target));
  return {
    name: place.name,
    Image: live.imageId,
    Labels: place.labels,
    Env: live.env,
    // An empty list would mean the image's own entrypoint, which the live one may have put aside.
    Entrypoint: live.entrypoint.length > 0 ? live.entrypoint : [""],
    Cmd: live.command,
    WorkingDir: live.workingDirectory,
    User: live.user,
    Tty: false,
    Healthcheck: { Test: ["NONE"] },
    HostConfig: {
      NetworkMode: `container:${place.network}`,
      RestartPolicy: { Name: "no" },
      Privileged: false,
      Memory: memory,
      MemorySwap: memory,
      NanoCpus: atMost(live.nanoCpus, Math.round(Math.max(1, place.machine.cores - 0.5) * 1e9)),
      CpuShares: 512,
      PidsLimit: atMost(live.processes, mostProcesses),
      ...capabilitiesOf(live.capabilities),
      SecurityOpt: ["no-new-privileges"],
      GroupAdd: live.groups,
      ReadonlyRootfs: live.isReadOnly,
      Init: live.hasInit,
      Tmpfs: live.tmpfs,
      LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "1" } },
      Mounts: [...kept.map((mount) => readOnly(mount, place.labels)), ...bare.map((target) => ({ Type: "tmpfs" as const, Source: "", Target: target }))],
    },
  };
}

/** 0 is no limit. */
function atMost(own: number, most: number): number {
  return own > 0 ? Math.min(own, most) : most;
}

const system = ["/run", "/var/run", "/proc", "/sys", "/dev"];
const isWithin = (path: string, directory: string) => path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
const overlap = (a: string, b: string) => isWithin(a, b) || isWithin(b, a);
const isNamedSocket = (path: string) => /\.sock(?:et)?$/.test(path);

/** Read-only does not keep anybody from speaking through a socket, so nothing is kept that is one or may lead to one. */
function isKept(mount: LiveMount, ofDatabase: readonly LiveMount[]): boolean {
  if (mount.type !== "bind" && mount.type !== "volume") return false;
  if (mount.isSocket || isNamedSocket(mount.source) || isNamedSocket(mount.target)) return false;
  if (system.some((directory) => isWithin(mount.target, directory) || overlap(mount.source, directory))) return false;
  return !ofDatabase.some(({ volume, source }) => (volume !== null && volume === mount.volume) || (source !== "" && overlap(mount.source, source)));
}

function readOnly({ type, volume, source, target }: LiveMount, labels: Record<string, string>) {
  // A volume that is gone would be made anew: then it is the drill's.
  if (type === "volume") return { Type: "volume" as const, Source: volume ?? source, Target: target, ReadOnly: true, VolumeOptions: { NoCopy: true, Labels: labels, DriverConfig: { Name: "local", Options: {} } } };
  // What is mounted below it would stay writable with older engines, so it is not there.
  return { Type: "bind" as const, Source: source, Target: target, ReadOnly: true, BindOptions: { Propagation: "rprivate" as const, NonRecursive: true } };
}

/** What Docker gives by itself (Docker manual, "Runtime privilege and Linux capabilities"), without those for devices and raw sockets. */
const usual = ["CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"];

/** At most what the live one has, and never more than a container usually does. */
function capabilitiesOf({ added, dropped }: LiveContainer["capabilities"]): { CapDrop: string[]; CapAdd: string[] } {
  const plain = (name: string) => name.toUpperCase().replace(/^CAP_/, "");
  const adds = added.map(plain);
  const drops = dropped.map(plain);
  const has = (name: string) => adds.includes(name) || adds.includes("ALL") || !(drops.includes("ALL") || drops.includes(name));
  return { CapDrop: ["ALL"], CapAdd: usual.filter((name) => has(name) && !drops.includes(name)) };
}

const composeService = "com.docker.compose.service";
/** What a line of /etc/hosts can hold. */
const hostName = /^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/i;

/** Names under which other containers reach a container. */
export function namesOf({ name, aliases, labels }: Pick<LiveContainer, "name" | "aliases" | "labels">): string[] {
  const service = labels[composeService];
  return [...new Set([name, ...aliases, ...(service ? [service] : [])])].filter((one) => hostName.test(one) && one !== "localhost");
}

const statusLine = /^HTTP\/\d(?:\.\d)? (\d{3})(?:\s|$)/;

/** The status of an answer's first line; null when it is not HTTP. */
export function readStatus(line: string): number | null {
  const found = statusLine.exec(line)?.[1];
  return found === undefined ? null : Number(found);
}
