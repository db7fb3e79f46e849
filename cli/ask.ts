import { createInterface } from "node:readline/promises";
import { exitCodes } from "./exit-codes";
import type { Screen } from "./screen";

/** Whether somebody sits there who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks on the terminal and reads a line. Ctrl-C ends the command: nothing has been started by then. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY === true });
  terminal.on("SIGINT", () => {
    process.stderr.write("\nNothing was done.\n");
    process.exit(exitCodes.cancelled);
  });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** The first line of standard input, whoever writes it: the procedures' script is answered by a pipe as well. Empty at its end. */
export async function askOrRead(screen: Screen, question: string): Promise<string> {
  if (canAsk()) return ask(question);
  screen.write(question);
  const lines = createInterface({ input: process.stdin, terminal: false });
  for await (const line of lines) return line;
  return "";
}
