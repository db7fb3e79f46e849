import "server-only";
import type Docker from "dockerode";
import { z } from "zod";
import { dockerErrors } from "./errors";

/** The Engine answers a removal when all files are gone, which takes a while for a large volume. */
const removalMs = 600_000;

/** The seconds that a container has to stop in: the Engine waits for that before it answers. */
const Grace = z.object({ t: z.number() }).transform(({ t }) => t * 1_000);

/**
 * Lets every request of `docker` fail with `docker.silent` that has no answer within `answerMs`, and closes its connection: one that hangs
 * would hold a run up for ever. What streams, such as the output of a process, is held to its beginning only. Nothing here waits for a
 * container's end or pulls an image; that would need a limit of its own.
 */
export function withDeadline(docker: Docker, address: string, answerMs: number): Docker {
  const { modem } = docker;
  const dial = modem.dial.bind(modem);
  // All requests of the package pass here; its own limits leave out those that are upgraded, and say nothing when they strike.
  modem.dial = (request, done) => {
    const ms = request.method === "DELETE" ? removalMs : answerMs + (Grace.safeParse(request.options).data ?? 0);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ms);
    dial({ ...request, abortSignal: late.signal }, (error, answer) => {
      clearTimeout(timer);
      done?.(error && late.signal.aborted ? dockerErrors.silent({ address, seconds: ms / 1_000 }, { cause: error }) : error, answer);
    });
  };
  return docker;
}
