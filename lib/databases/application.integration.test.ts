import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { applicationOf, saveApplication, startCheckApplication } from "./application";
import { ApplicationCheck } from "./application-schemas";
import { Application } from "@/lib/restore/schemas";

let holdfast: TestHoldfast;
let server: PostgresContainer;
let app: PostgresContainer;
let web: Server;
let address: string;
let databaseId: string;
let status = 200;

beforeAll(async () => {
  // What a container runs does not matter to whoever stops and starts it.
  [holdfast, server, app] = await Promise.all([testHoldfast(), startPostgres(), startPostgres({ wait: false })]);
  databaseId = await holdfast.protect(server);
  web = createServer((_, response) => response.writeHead(status, { location: "/elsewhere" }).end());
  await new Promise<void>((listening) => web.listen(0, "127.0.0.1", listening));
  address = `http://127.0.0.1:${(web.address() as AddressInfo).port}/health`;
});
afterAll(async () => {
  web.close();
  await Promise.all([server.stop(), app.stop(), holdfast.close()]);
});

async function check(application: Partial<Application>): Promise<ApplicationCheck> {
  const { runId } = await startCheckApplication(holdfast.ctx, { databaseId, application: Application.parse(application) });
  const run = await holdfast.work(runId);
  return ApplicationCheck.parse(JSON.parse(run.result ?? "null"));
}
const outcomes = ({ lines }: ApplicationCheck) => Object.fromEntries(lines.map(({ id, outcome }) => [id, outcome]));

describe("the test of an application", () => {
  it("finds the containers it names, and lists those to choose from without the database's own", async () => {
    const found = await check({ containers: [app.name, "no-such-container", server.name] });
    expect(outcomes(found)).toEqual({ [app.name]: "passed", "no-such-container": "failed", [server.name]: "failed" });
    const names = found.containers.map(({ name }) => name);
    expect(names).toContain(app.name);
    expect(names).not.toContain(server.name);
  });

  it("warns of a container that does not run, and leaves it as it is", async () => {
    await engine.getContainer(app.id).stop({ t: 1 });
    expect(outcomes(await check({ containers: [app.name] }))).toEqual({ [app.name]: "warning" });
    expect((await engine.getContainer(app.id).inspect()).State.Running).toBe(false);
    await engine.getContainer(app.id).start();
  });

  it("takes 2xx and 3xx for health, and nothing else", async () => {
    const health = async (code: number) => {
      status = code;
      return (await check({ healthUrl: address })).lines.find(({ id }) => id === "health");
    };
    expect(await health(204)).toMatchObject({ outcome: "passed", detail: expect.stringContaining("answers 204") as string });
    expect(await health(302)).toMatchObject({ outcome: "passed" });
    expect(await health(503)).toMatchObject({ outcome: "failed", detail: "answers 503" });
    const gone = createServer();
    await new Promise<void>((listening) => gone.listen(0, "127.0.0.1", listening));
    const { port } = gone.address() as AddressInfo;
    await new Promise((closed) => gone.close(closed));
    expect((await check({ healthUrl: `http://127.0.0.1:${port}/` })).lines).toMatchObject([{ id: "health", outcome: "failed", detail: "does not answer: connection refused" }]);
  });
});

describe("saving an application", () => {
  const stored = async () => applicationOf(await holdfast.db.database.findUniqueOrThrow({ where: { id: databaseId } }));

  it("is recorded with before and after, once", async () => {
    const application = Application.parse({ containers: [app.name, app.name], healthUrl: address });
    await saveApplication(holdfast.ctx, { databaseId, application });
    await saveApplication(holdfast.ctx, { databaseId, application });
    expect(await stored()).toMatchObject({ containers: [app.name], healthUrl: address, healthSeconds: 120, stopSeconds: 30 });
    const entries = await holdfast.db.auditEntry.findMany({ where: { action: "database.changed" } });
    expect(entries).toHaveLength(1);
    expect([JSON.parse(entries[0]?.before ?? ""), JSON.parse(entries[0]?.after ?? "")]).toMatchObject([{ containers: [] }, { containers: [app.name] }]);
  });

  it("refuses the database's own container and keeps what was there", async () => {
    const before = await stored();
    await expect(saveApplication(holdfast.ctx, { databaseId, application: Application.parse({ containers: [server.name] }) })).rejects.toMatchObject({ code: "database.own_container" });
    expect(await stored()).toEqual(before);
  });
});
