import { defineErrors } from "@/lib/errors";

export const dockerErrors = defineErrors("docker", {
  unreachable: {
    kind: "unavailable",
    message: (d: { tried: string }) => `No Docker Engine answers. Tried ${d.tried}.`,
    hint: () => "Start Docker, or set DOCKER_HOST. In a container, mount the engine's socket into the worker.",
  },
  silent: {
    kind: "unavailable",
    message: (d: { address: string; seconds: number }) => `The Docker Engine at ${d.address} did not answer within ${d.seconds} s. What it was asked for counts as failed.`,
    hint: () => "Look whether it answers: docker version. An Engine that hangs is restarted on its own machine; where it is another one, look at the way there too.",
  },
  context_missing: {
    kind: "precondition",
    message: (d: { context: string; from: string }) => `There is no Docker context ${d.context}, which ${d.from} names. No other Engine is used in its place.`,
    hint: (d: { context: string; from: string }) =>
      `As the user that runs the worker: docker context ls shows those there are. Then ${d.from === "DOCKER_CONTEXT" ? "change or unset DOCKER_CONTEXT" : "choose one: docker context use default"}.`,
  },
  ssh_failed: {
    kind: "unavailable",
    message: (d: { address: string; stderr: string }) => `No connection to the Docker Engine at ${d.address}: ssh failed.`,
    hint: () => "Its own words are below. As the user that runs the worker, try: ssh <host> docker version. It must ask for nothing, neither a password nor whether the host is known.",
  },
  container_missing: {
    kind: "precondition",
    message: (d: { container: string }) => `There is no container ${d.container} on this engine.`,
    hint: () => "If it was renamed or created anew under another name, change the name under Settings, Databases.",
  },
  container_stopped: {
    kind: "precondition",
    message: (d: { container: string; state: string }) => `The container ${d.container} is not running: ${d.state}.`,
    hint: (d: { container: string; state: string }) => (d.state === "paused" ? `Resume it with: docker unpause ${d.container}` : `Start it with: docker start ${d.container}`),
  },
  exec_failed: {
    kind: "unavailable",
    message: (d: { tool: string; exitCode: number | null; stderr: string }) =>
      d.exitCode === null ? `${d.tool} ended without an exit code, so it counts as failed.` : `${d.tool} ended with exit code ${d.exitCode}.`,
    hint: () => "Its own words are below.",
  },
  exec_not_started: {
    kind: "unavailable",
    message: (d: { tool: string; container: string }) => `${d.tool} could not be started in ${d.container}.`,
    hint: () => "Holdfast needs sh and the PostgreSQL tools inside the container.",
  },
  connection_lost: {
    kind: "unavailable",
    message: (d: { tool: string }) => `The connection to the Docker Engine broke while ${d.tool} ran, so what it was doing counts as failed.`,
    hint: () => "Look whether the Engine runs (docker info) and was not restarted, then start this again. What was stored before has not changed.",
  },
  engine_failed: {
    kind: "unavailable",
    message: (d: { what: string }) => `The Docker Engine failed while ${d.what}.`,
    hint: () => "The log of the worker has its answer.",
  },
});
