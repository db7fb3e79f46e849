import net from "node:net";
import { afterEach, expect, it } from "vitest";
import { freePort, isFree } from "./ports.mjs";

const servers = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

function occupy(port = 0) {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once("error", reject);
    servers.push(server);
    server.listen(port, () => resolve(server.address().port));
  });
}

it("gives the preferred port when it is free", async () => {
  const port = await occupy();
  servers.pop().close();
  await expect.poll(() => isFree(port)).toBe(true);
  expect(await freePort(port)).toBe(port);
});

it("gives the next one when it is taken, and skips those it must not give", async () => {
  const port = await occupy();
  expect(await isFree(port)).toBe(false);
  const next = await freePort(port);
  expect(next).toBeGreaterThan(port);
  expect(await freePort(port, { except: [next] })).toBeGreaterThan(next);
});
