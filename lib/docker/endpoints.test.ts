import { describe, expect, it } from "vitest";
import { engineEndpoints } from "./endpoints.mjs";

/** Where nothing was chosen: only sockets are left. */
const sockets = (env: Record<string, string>, uid?: number) => engineEndpoints({ NODE_ENV: "test", DOCKER_CONTEXT: "default", ...env }, "/home/maeve", uid).map(({ address, from }) => `${from} ${address.replace("unix://", "")}`);

describe("the sockets that are asked", () => {
  it("are those of the Engine, then of Desktop, rootless Docker, Colima, OrbStack, Rancher Desktop and Podman", () => {
    expect(sockets({ XDG_RUNTIME_DIR: "/run/user/1000" }, 1000)).toEqual([
      "Docker Engine /var/run/docker.sock",
      "Docker Desktop /home/maeve/.docker/run/docker.sock",
      "Docker Desktop /home/maeve/.docker/desktop/docker.sock",
      "rootless Docker /run/user/1000/docker.sock",
      "Colima /home/maeve/.colima/default/docker.sock",
      "OrbStack /home/maeve/.orbstack/run/docker.sock",
      "Rancher Desktop /home/maeve/.rd/docker.sock",
      "Podman /run/user/1000/podman/podman.sock",
      "Podman /run/podman/podman.sock",
    ]);
  });

  it("are the same without XDG_RUNTIME_DIR, as in a unit, in cron and after su", () => {
    expect(sockets({}, 1000)).toEqual(sockets({ XDG_RUNTIME_DIR: "/run/user/1000" }, 1000));
  });

  it("begin with those of XDG_RUNTIME_DIR where that is another directory", () => {
    const rootless = sockets({ XDG_RUNTIME_DIR: "/run/elsewhere" }, 1000).filter((line) => line.startsWith("rootless"));
    expect(rootless).toEqual(["rootless Docker /run/elsewhere/docker.sock", "rootless Docker /run/user/1000/docker.sock"]);
  });

  it("give way to DOCKER_HOST, beside which nothing is asked", () => {
    expect(sockets({ DOCKER_HOST: "unix:///run/other.sock", XDG_RUNTIME_DIR: "/run/user/1000" }, 1000)).toEqual(["DOCKER_HOST /run/other.sock"]);
  });
});
