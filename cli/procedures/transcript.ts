import { appendFileSync, fstatSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { whyOf } from "@/lib/stores/errors";
import type { Session } from "../session";

/** Where the procedures keep their log (Backup Procedures, "Backup Audit Log"). */
export const backupLog = (home: string) => path.join(home, "logs", "backup.log");

/**
 * What a procedure says, on standard output and in its log. A crontab that sends standard output into the log gets each line once.
 * The log's last line names the moment, the file and who: `grep "Backup Complete" logs/backup.log | tail` is the list of backups.
 */
export class Transcript {
  readonly #file: string;
  readonly #isOutput: boolean;
  #isBroken = false;

  constructor(private readonly session: Pick<Session, "screen" | "home">) {
    this.#file = backupLog(session.home.directory);
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o750 });
    } catch (error) {
      this.#broken(error);
    }
    this.#isOutput = isStandardOutput(this.#file);
  }

  say(line = ""): void {
    this.session.screen.say(line);
    this.#write(line);
  }

  /** A line that says more in the log, where nothing else tells when it was. */
  end(line: string, facts: string): void {
    const whole = `${line}: ${facts}`;
    this.session.screen.say(this.#isOutput ? whole : line);
    this.#write(whole);
  }

  #write(line: string): void {
    if (this.#isOutput || this.#isBroken) return;
    try {
      appendFileSync(this.#file, `${line}\n`, { mode: 0o640 });
    } catch (error) {
      this.#broken(error);
    }
  }

  /** The record has it all; a log that cannot be written must not stop a backup. */
  #broken(error: unknown): void {
    this.#isBroken = true;
    this.session.screen.warn(`${this.#file} cannot be written: ${whyOf(error)}. The audit log has it all the same.`);
  }
}

function isStandardOutput(file: string): boolean {
  const log = statSync(file, { throwIfNoEntry: false });
  if (!log) return false;
  const output = fstatSync(1);
  return output.dev === log.dev && output.ino === log.ino;
}
