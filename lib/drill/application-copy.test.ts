import { describe, expect, it } from "vitest";
import type { LiveContainer, LiveMount } from "@/lib/docker/live-container";
import { copyOf, namesOf, readStatus } from "./application-copy";

const live: LiveContainer = {
  id: "live", name: "shop-app", imageId: "sha256:1", env: ["SECRET=x"], command: ["server.mjs"], entrypoint: ["node"], workingDirectory: "/srv", user: "1000",
  labels: { "com.docker.compose.service": "app" }, aliases: [], mounts: [], tmpfs: { "/tmp": "size=64m" }, memoryBytes: 0, nanoCpus: 0, processes: 0, capabilities: { added: [], dropped: [] }, groups: [], isReadOnly: false, hasInit: false,
};
const place = { name: "copy", network: "scratch", labels: { "holdfast.scratch": "i" }, machine: { cores: 4, memoryBytes: 8 * 2 ** 30 }, imageVolumes: [] as string[], database: null };
const copy = (change: Partial<LiveContainer>, where: Partial<Omit<typeof place, "database">> & { database?: { mounts: LiveMount[] } | null } = {}) => copyOf({ ...live, ...change }, { ...place, ...where });
const bind = (source: string, target: string, isSocket = false): LiveMount => ({ type: "bind", volume: null, source, target, isSocket });
const volume = (name: string, target: string, source = `/var/lib/docker/volumes/${name}/_data`): LiveMount => ({ type: "volume", volume: name, source, target, isSocket: false });
const targets = (options: ReturnType<typeof copyOf>) => options.HostConfig?.Mounts?.map(({ Target }) => Target);

describe("a copy of an application's container", () => {
  it("is made of the same image and runs the same command, with the drill's labels and no way out", () => {
    const made = copy({});
    expect(made).toMatchObject({ Image: "sha256:1", Env: ["SECRET=x"], Entrypoint: ["node"], Cmd: ["server.mjs"], WorkingDir: "/srv", User: "1000", Labels: place.labels, Healthcheck: { Test: ["NONE"] } });
    expect(made.HostConfig).toMatchObject({ NetworkMode: "container:scratch", RestartPolicy: { Name: "no" }, Privileged: false, PidsLimit: 512, Tmpfs: { "/tmp": "size=64m" }, SecurityOpt: ["no-new-privileges"] });
    expect(Object.keys(made.HostConfig ?? {})).not.toEqual(expect.arrayContaining(["Devices"]));
    expect(made).not.toHaveProperty("ExposedPorts");
    expect(made).not.toHaveProperty("Hostname");
  });

  it("keeps the entrypoint away where the live one has put it aside", () => {
    expect(copy({ entrypoint: [] }).Entrypoint).toEqual([""]);
  });

  it("has directories and volumes read-only, fills no volume, and mounts nothing below a directory", () => {
    expect(copy({ mounts: [bind("/srv/shop", "/data"), volume("uploads", "/uploads")] }).HostConfig?.Mounts).toMatchObject([
      { Type: "bind", Source: "/srv/shop", Target: "/data", ReadOnly: true, BindOptions: { NonRecursive: true } },
      { Type: "volume", Source: "uploads", Target: "/uploads", ReadOnly: true, VolumeOptions: { NoCopy: true, Labels: place.labels } },
    ]);
  });

  it.each<[string, LiveMount]>([
    ["the engine's socket", bind("/var/run/docker.sock", "/var/run/docker.sock")],
    ["it at another place", bind("/var/run/docker.sock", "/docker")],
    ["a socket by what it is", bind("/srv/queue", "/queue", true)],
    ["a socket by its name", bind("/srv/queue.sock", "/queue")],
    ["the host's /run", bind("/run", "/host")],
    ["a directory in it", bind("/run/user/1000", "/user")],
    ["the whole host", bind("/", "/host")],
    ["what holds /var/run", bind("/var", "/host")],
    ["devices", bind("/dev/snd", "/dev/snd")],
    ["a volume that is a directory of the system", volume("sockets", "/sockets", "/run/shop")],
    ["a volume at a place of the system", volume("sockets", "/var/run/postgresql")],
    ["what is neither directory nor volume", { type: "npipe", volume: null, source: "x", target: "/x", isSocket: false }],
  ])("is not given %s", (_, mount) => {
    expect(targets(copy({ mounts: [mount] }))).toEqual([]);
  });

  it("takes no /running for /run", () => {
    expect(targets(copy({ mounts: [bind("/running", "/running")] }))).toEqual(["/running"]);
  });

  it("is not given what the live database has as well: its socket may lie there", () => {
    const database = { mounts: [volume("sockets", "/sockets"), bind("/srv/database", "/var/lib/postgresql/data")] };
    const mounts = [volume("sockets", "/pg"), bind("/srv/database/sockets", "/s"), bind("/srv", "/all"), volume("uploads", "/uploads")];
    expect(targets(copy({ mounts }, { database }))).toEqual(["/uploads"]);
  });

  it("has memory of its own where the image keeps data, so that no volume is left", () => {
    expect(copy({ mounts: [volume("uploads", "/uploads")] }, { imageVolumes: ["/uploads", "/cache"] }).HostConfig?.Mounts).toMatchObject([{ Target: "/uploads", Type: "volume" }, { Target: "/cache", Type: "tmpfs" }]);
  });

  it("has the limits of the live one where they are lower", () => {
    expect(copy({ memoryBytes: 1 << 28, nanoCpus: 5e8, processes: 50 }).HostConfig).toMatchObject({ Memory: 1 << 28, MemorySwap: 1 << 28, NanoCpus: 5e8, PidsLimit: 50 });
    expect(copy({ memoryBytes: 2 ** 40 }).HostConfig).toMatchObject({ Memory: 2 * 2 ** 30 });
  });

  it("has at most the capabilities of the live one and of a usual container", () => {
    const of = (added: string[], dropped: string[]) => copy({ capabilities: { added, dropped } }).HostConfig;
    expect(of([], [])).toMatchObject({ CapDrop: ["ALL"], CapAdd: expect.arrayContaining(["CHOWN", "NET_BIND_SERVICE"]) as string[] });
    expect(of(["SYS_ADMIN", "ALL"], [])?.CapAdd).not.toContain("SYS_ADMIN");
    expect(of(["CAP_CHOWN"], ["ALL"])?.CapAdd).toEqual(["CHOWN"]);
    expect(of([], ["CAP_KILL"])?.CapAdd).not.toContain("KILL");
  });
});

it("knows the database's container by its name, its aliases and its service", () => {
  expect(namesOf({ name: "shop-db-1", aliases: ["db", "3f2a", "db"], labels: { "com.docker.compose.service": "postgres" } })).toEqual(["shop-db-1", "db", "3f2a", "postgres"]);
  expect(namesOf({ name: "x", aliases: ["a b", "localhost", "-x", "y\n127.0.0.1 z"], labels: {} })).toEqual(["x"]);
});

it.each([["HTTP/1.1 200 OK\r", 200], ["HTTP/1.0 503", 503], ["HTTP/2 301 \r", 301], ["SSH-2.0-OpenSSH", null], ["", null], ["HTTP/1.1 2000", null]])("reads %j as %s", (line, status) => {
  expect(readStatus(line)).toBe(status);
});
