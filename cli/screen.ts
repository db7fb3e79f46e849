import { once } from "node:events";
import type { Writable } from "node:stream";
import type { PublicError } from "@/lib/errors";
import type { ExitCode } from "./exit-codes";
import { plain } from "./text";

/** What a command hands over at its end. */
export interface Done {
  /** For --json. */
  data: unknown;
  /** For people, a line each. */
  text: readonly string[];
  exitCode?: ExitCode;
}

export interface Streams {
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  env: Readonly<Record<string, string | undefined>>;
}

export interface ScreenOptions {
  json?: boolean | undefined;
  quiet?: boolean | undefined;
  verbose?: boolean | undefined;
}

const colours = { red: 31, green: 32, yellow: 33, blue: 34, grey: 90, bold: 1 } as const;
export type Colour = keyof typeof colours;

/**
 * Where a command speaks. The result goes to standard output; what happens meanwhile, warnings and errors go to standard error.
 * Without a terminal (cron, a pipe) or with --quiet there are only the result, warnings and errors.
 */
export class Screen {
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  /** Whether progress may be drawn in place. */
  readonly isLive: boolean;
  readonly warnings: string[] = [];
  readonly #hasColour: boolean;
  #live = "";

  constructor(
    private readonly streams: Streams,
    private readonly command: string,
    options: ScreenOptions = {},
  ) {
    const { env, stdout, stderr } = streams;
    this.isJson = options.json === true;
    this.isVerbose = options.verbose === true;
    this.isLive = stderr.isTTY === true && options.quiet !== true && !this.isJson && env["TERM"] !== "dumb";
    // https://no-color.org: present and not empty, whatever its value.
    this.#hasColour = !this.isJson && stdout.isTTY === true && stderr.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  }

  /** The text in a colour, where there are colours. */
  paint(colour: Colour, text: string): string {
    return this.#hasColour ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
  }

  /** A line of the result, at once. For results that come while the work goes on. */
  say(line: string): void {
    if (this.isJson) return;
    this.#clear();
    this.streams.stdout.write(`${line}\n`);
  }

  /** The start of a line that somebody else ends: a question. */
  write(text: string): void {
    if (!this.isJson) this.streams.stdout.write(text);
  }

  /** Part of a result that may be larger than memory; resolves when more is wanted. */
  async pour(chunk: Uint8Array): Promise<void> {
    if (!this.streams.stdout.write(chunk)) await once(this.streams.stdout, "drain");
  }

  /** Something that happens on the way; only a person at a terminal wants to know. */
  note(line: string): void {
    if (this.isLive || this.isVerbose) this.#toErrors(line);
  }

  /** Something that a person has to know although it did not stop the work. */
  warn(line: string): void {
    this.warnings.push(plain(line));
    if (!this.isJson) this.#toErrors(`${this.paint("yellow", "Warning:")} ${plain(line)}`);
  }

  /** Replaces the line that moves; an empty one takes it away. */
  live(line: string): void {
    // A terminal that does not say how wide it is says 0.
    const shown = line.slice(0, (this.streams.stderr.columns || 80) - 1);
    if (!this.isLive || shown === this.#live) return;
    this.#clear();
    this.#live = shown;
    this.streams.stderr.write(shown);
  }

  /** The end of a command that did what it was asked. */
  finish({ data, text, exitCode = 0 }: Done): ExitCode {
    this.#clear();
    if (this.isJson) this.#json({ command: this.command, ok: true, exitCode, data, warnings: this.warnings });
    else for (const line of text) this.streams.stdout.write(`${line}\n`);
    return exitCode;
  }

  /** The end of one that did not. */
  fail(error: PublicError, exitCode: ExitCode): ExitCode {
    this.#clear();
    if (this.isJson) {
      this.#json({ command: this.command, ok: false, exitCode, error, warnings: this.warnings });
      return exitCode;
    }
    const { message, hint, toolOutput, code } = error;
    this.#toErrors(`${this.paint("red", "Error:")} ${plain(message)}`);
    if (toolOutput) for (const line of toolOutput.split("\n")) this.#toErrors(`  ${plain(line)}`);
    if (hint) this.#toErrors(plain(hint));
    if (this.isVerbose) this.#toErrors(this.paint("grey", code));
    return exitCode;
  }

  #json(value: object): void {
    this.streams.stdout.write(`${JSON.stringify({ holdfast: 1, ...value }, null, 2)}\n`);
  }

  #toErrors(line: string): void {
    this.#clear();
    this.streams.stderr.write(`${line}\n`);
  }

  #clear(): void {
    if (this.#live !== "") this.streams.stderr.write("\r\u001b[2K");
    this.#live = "";
  }
}
