import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Asks on the terminal and reads a line without showing it. */
export async function readSecret(question: string): Promise<string> {
  let silent = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!silent) process.stderr.write(chunk);
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const answer = terminal.question(question);
    silent = true;
    return await answer;
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
