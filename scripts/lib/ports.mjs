import net from "node:net";

/** Whether nothing listens on `port` and this process may. */
export function isFree(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, ...(host ? { host } : {}), exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** `preferred` when it is free, else the next free one above it; one the system picks when none of the next 100 is. */
export async function freePort(preferred, { host, except = [] } = {}) {
  for (let port = preferred; port < Math.min(preferred + 100, 65_536); port += 1) {
    if (!except.includes(port) && (await isFree(port, host))) return port;
  }
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen({ port: 0, ...(host ? { host } : {}) }, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
