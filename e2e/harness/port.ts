import net from "node:net";

const first = 4600;
const perWorker = 40;

/** A port that nobody listens on. Each worker of Playwright looks in a range of its own, so that two never take the same. */
export async function freePort(workerIndex: number): Promise<number> {
  const start = first + (workerIndex % 20) * perWorker;
  for (let port = start; port < start + perWorker; port += 1) if (await isFree(port)) return port;
  throw new Error(`No port between ${start} and ${start + perWorker - 1} is free.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
