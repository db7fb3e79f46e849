import os from "node:os";
import path from "node:path";
import { expect } from "@playwright/test";
import { testNodeImage, type PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { removeContainer, testLabel } from "@/lib/testing/leftovers";
import { freePort } from "./port";

/** The demo's application in a container of its own: a page out of the database, and an address that says whether it reads it. */
export interface DemoApplication {
  name: string;
  healthUrl: string;
  /** Whether it runs, and since when: Docker's own words. */
  state(): Promise<{ isRunning: boolean; startedAt: string }>;
  /** What its address answers at this moment; null for no answer. */
  health(): Promise<{ status: number; priceItems: number | null } | null>;
  remove(): Promise<void>;
}

const portInside = "8001/tcp";

/** Starts the application beside `server` and waits until it reads its database. */
export async function startApplication(server: PostgresContainer, workerIndex: number): Promise<DemoApplication> {
  const { NetworkSettings } = await engine.getContainer(server.id).inspect();
  const [network] = Object.values(NetworkSettings.Networks);
  const port = await freePort(workerIndex + 10);
  const name = `${server.name}-app`;
  const container = await engine.createContainer({
    name,
    Image: testNodeImage(),
    Entrypoint: ["node", "/bimcalc/server.mjs"],
    Cmd: [],
    Env: [`PGHOST=${server.name}`, `PGUSER=${server.user}`, `PGPASSWORD=${server.password}`, `PGDATABASE=${server.database}`],
    Labels: { [testLabel]: "1", [`${testLabel}.pid`]: process.env["HOLDFAST_TEST_PID"] ?? String(process.pid), [`${testLabel}.host`]: os.hostname() },
    ExposedPorts: { [portInside]: {} },
    // By name, as applications know their database; the bridge that everything is on by itself has no names.
    HostConfig: { ExtraHosts: [`${server.name}:${network?.IPAddress ?? ""}`], Binds: [`${path.resolve("demo/app")}:/bimcalc:ro`], PortBindings: { [portInside]: [{ HostIp: "127.0.0.1", HostPort: String(port) }] } },
  });
  await container.start();
  const healthUrl = `http://127.0.0.1:${port}/health`;
  const application: DemoApplication = {
    name,
    healthUrl,
    async state() {
      const { State } = await container.inspect();
      return { isRunning: State.Running, startedAt: State.StartedAt };
    },
    async health() {
      const response = await fetch(healthUrl, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
      if (!response) return null;
      const body = (await response.json()) as { priceItems?: number };
      return { status: response.status, priceItems: body.priceItems ?? null };
    },
    remove: () => removeContainer(container.id),
  };
  await expect.poll(async () => (await application.health())?.status, { timeout: 60_000, message: "the application reads its database" }).toBe(200);
  return application;
}
