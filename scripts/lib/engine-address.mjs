/** The address Docker's own packages use. */
export const defaultSocket = "/var/run/docker.sock";

/**
 * `unix:///run/docker.sock` or `tcp://host:2376` as node:http wants it; null for what cannot be asked, such as ssh. `tls` is what
 * `engineEndpoints` says of it. As in the worker, host:port alone is tcp, and port 2376 is TLS.
 */
export function parseAddress(address, { tls } = {}) {
  if (address.startsWith("unix://")) return { address, socketPath: address.slice("unix://".length) };
  if (address.startsWith("/")) return { address: `unix://${address}`, socketPath: address };
  const match = /^(?:(tcp|https?):\/\/)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?(?:\/.*)?$/.exec(address);
  if (!match) return null;
  const secure = match[1] === "https" || tls !== undefined || match[3] === "2376";
  return {
    address,
    protocol: secure ? "https:" : "http:",
    host: match[2].replace(/^\[|\]$/g, ""),
    port: Number(match[3] ?? (secure ? 2376 : 2375)),
    ...(tls ? { tlsDirectory: tls.directory, rejectUnauthorized: tls.verify } : {}),
  };
}

/** Whether DOCKER_HOST names an Engine other than this machine's usual one: then no other may take its place. */
export function isChosenElsewhere(env = process.env) {
  const host = env.DOCKER_HOST;
  return Boolean(host) && ![`unix://${defaultSocket}`, "unix:///run/docker.sock"].includes(host);
}
