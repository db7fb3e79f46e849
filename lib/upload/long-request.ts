import type { IncomingMessage, Server } from "node:http";

/** A day: long enough for any file, and a connection that says nothing is ended by its own timeout before. */
const longestMs = 86_400_000;

/**
 * Node ends a request that is not whole after five minutes (`server.requestTimeout`), gigabytes or not. The limit belongs to the
 * server, so it is raised for all; headers still have their own, and the rest of a body costs nobody anything but its sender.
 */
export function allowLongUpload(request: IncomingMessage): void {
  const { server } = request.socket as typeof request.socket & { server?: Server };
  if (server && server.requestTimeout > 0 && server.requestTimeout < longestMs) server.requestTimeout = longestMs;
}
