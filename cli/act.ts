import type { Command } from "commander";
import { z } from "zod";
import { AppError, toPublicError, type PublicError } from "@/lib/errors";
import { exitCodeOfKind, exitCodes, type ExitCode } from "./exit-codes";
import type { Home } from "./home";
import { Screen, type Done, type Streams } from "./screen";
import { openSession, whyNot, type Session } from "./session";

/** How a command gets what it works with. Tests give another record. */
export interface Surroundings {
  home: Home;
  streams: Streams;
  open(home: Home, screen: Screen): Promise<Session & { close(): Promise<void> }>;
}

export const surroundingsOf = (home: Home): Surroundings => ({ home, streams: { stdout: process.stdout, stderr: process.stderr, env: process.env }, open: openSession });

const Globals = z.object({ json: z.boolean().optional(), quiet: z.boolean().optional(), verbose: z.boolean().optional() });

/**
 * Turns the work of a command into what commander calls: opens the record, runs, speaks, closes, and leaves the exit code in
 * `ended`. The one place where errors become words.
 */
export class Act {
  ended: ExitCode = exitCodes.done;

  constructor(private readonly around: Surroundings) {}

  /** For commands that need the record, which are all but `doctor`. */
  session<A extends unknown[]>(work: (session: Session, ...args: A) => Promise<Done>): (...args: [...A, Command]) => Promise<void> {
    return this.bare(async (home, screen, ...args: A) => {
      const session = await this.around.open(home, screen);
      try {
        return await work(session, ...args);
      } finally {
        await session.close();
      }
    });
  }

  bare<A extends unknown[]>(work: (home: Home, screen: Screen, ...args: A) => Promise<Done>): (...args: [...A, Command]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command;
      const screen = new Screen(this.around.streams, nameOf(command), Globals.parse(command.optsWithGlobals()));
      try {
        this.ended = screen.finish(await work(this.around.home, screen, ...(given.slice(0, -1) as A)));
      } catch (error) {
        const shown = shownError(error);
        // What nobody foresaw is for whoever mends it, and the log of a service is not there to hold it.
        if (shown.kind === "internal" && screen.isVerbose) this.around.streams.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        this.ended = screen.fail(shown, exitCodeOfKind[shown.kind]);
      }
    };
  }
}

/** "schedule set": a command's own name behind those of its groups. */
export function nameOf(command: Command): string {
  const names: string[] = [];
  for (let one: Command | null = command; one?.parent; one = one.parent) names.unshift(one.name());
  return names.join(" ");
}

/** What was thrown, as words for the person at this machine: here it may say more than a browser is told. */
export function shownError(error: unknown): PublicError {
  if (error instanceof AppError) return toPublicError(error);
  return { ...toPublicError(error), message: `Something went wrong inside Holdfast: ${whyNot(error)}.`, hint: "Run it again with --verbose for the details. Nothing that was stored before has changed." };
}
