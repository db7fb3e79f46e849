import { Writable } from "node:stream";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import type { Home } from "../home";
import { runCommandLine } from "../program";
import { contextOf } from "../session";

/** A stream that remembers, and says that it is a terminal when told so. */
export class Memory extends Writable {
  text = "";
  columns = 100;

  constructor(readonly isTTY: boolean) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export const testHome = (over: Partial<Home> = {}): Home => ({ root: process.cwd(), directory: process.cwd(), startedIn: process.cwd(), user: "maeve", host: "db-host", ...over });

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** The answer of --json. */
  json: () => { ok: boolean; exitCode: number; command: string; data: Record<string, unknown>; error: { code: string; kind: string; message: string }; warnings: string[] };
}

/** A command line over a record of its own, in this process. */
export async function testCommandLine(): Promise<TestDatabase & { run(argv: string[], options?: { isTTY?: boolean; env?: Record<string, string>; home?: Partial<Home> }): Promise<Ran> }> {
  const record = await testDatabase();
  return {
    ...record,
    async run(argv, { isTTY = false, env = {}, home = {} } = {}) {
      const [stdout, stderr] = [new Memory(isTTY), new Memory(isTTY)];
      const place = testHome(home);
      const code = await runCommandLine(argv, {
        home: place,
        streams: { stdout, stderr, env },
        open: (_, screen) => Promise.resolve({ ctx: { ...contextOf(place, record.db), clock: record.clock }, home: place, screen, close: () => Promise.resolve() }),
      });
      return { code, out: stdout.text, err: stderr.text, json: () => JSON.parse(stdout.text) as ReturnType<Ran["json"]> };
    },
  };
}
