import { readLogLine, type LogLine } from "./log-lines";

/** A run as the log tells it. What the log does not say is null. */
export interface LogRun {
  kind: "backup" | "restore";
  /** `unfinished`: it begins, and neither its end nor a failure follows. */
  outcome: "succeeded" | "failed" | "cancelled" | "unfinished";
  /** The time in the file's name, `20251113_233752`: a wall clock without a zone. */
  stamp: string | null;
  /** Without `.gz`, so that it is the same before and after packing. */
  file: string | null;
  database: string | null;
  /** As written: `16K`, `8676 kB`. */
  size: string | null;
  databaseSize: string | null;
  counts: Record<string, number>;
  verified: boolean;
  problems: string[];
  firstLine: number;
  lastLine: number;
  /** What tells it apart from every other run, also in a later and longer version of the same log. */
  key: string;
}

export interface LogReading {
  runs: LogRun[];
  lines: number;
  notUnderstood: { line: number; text: string }[];
  notUnderstoodTotal: number;
}

const mostShown = 50;
const longestLine = 500;
const mostProblems = 5;

type Open = Omit<LogRun, "key" | "outcome"> & { end: LogRun["outcome"] | null; isMixed: boolean };

/**
 * Reads the log of the procedures' scripts (Backup Procedures, "Output Example"), to which cron appends run after run. Feed it line by
 * line. Lines of two runs may be mixed; what then cannot be told apart belongs to neither.
 */
export class LogReader {
  #runs: Open[] = [];
  #line = 0;
  #notUnderstood: LogReading["notUnderstood"] = [];
  #notUnderstoodTotal = 0;

  push(written: string): void {
    this.#line += 1;
    const text = written.replace(/^\uFEFF/, "").replace(/\r$/, "").slice(0, longestLine);
    const said = readLogLine(text);
    if (said && this.#take(said)) return;
    this.#notUnderstoodTotal += 1;
    if (this.#notUnderstood.length < mostShown) this.#notUnderstood.push({ line: this.#line, text: text.trim().slice(0, 200) });
  }

  end(): LogReading {
    return { runs: withKeys(this.#runs), lines: this.#line, notUnderstood: this.#notUnderstood, notUnderstoodTotal: this.#notUnderstoodTotal };
  }

  /** False for a line that belongs to no run. */
  #take(said: LogLine): boolean {
    if (said.says === "nothing") return true;
    if (said.says === "begin") {
      this.#begin(said.kind);
      return true;
    }
    const open = this.#runs.filter(({ end }) => end === null);
    if (said.says === "problem") return this.#fail(open, said.text);
    const run = said.says === "file" ? ownerOf(open, said.file) : said.says === "complete" ? furthest(open, said.kind) : open.at(-1);
    if (!run) return false;
    run.lastLine = this.#line;
    if (said.says === "complete") run.end = "succeeded";
    else if (said.says === "cancelled") run.end = "cancelled";
    else if (said.says === "verified") run.verified = true;
    else if (said.says === "file") name(run, said);
    else if (open.length > 1) for (const one of open) one.isMixed = true;
    else if (said.says === "database_size") run.databaseSize = said.text;
    else run.counts[said.of] = said.count;
    return true;
  }

  #begin(kind: "backup" | "restore"): void {
    // Whatever was open when a later run came to its end has ended without a word.
    const lastDone = this.#runs.findLastIndex(({ end }) => end === "succeeded");
    this.#runs.forEach((run, index) => {
      if (run.end === null && (index < lastDone || this.#runs.slice(index + 1).length >= 2)) run.end = "unfinished";
    });
    this.#runs.push({ kind, end: null, stamp: null, file: null, database: null, size: null, databaseSize: null, counts: Object.create(null) as Record<string, number>, verified: false, problems: [], firstLine: this.#line, lastLine: this.#line, isMixed: false });
  }

  /** A failure ends the newest run; what is said of it further on belongs to it as well. */
  #fail(open: Open[], text: string): boolean {
    const last = this.#runs.at(-1);
    const run = open.at(-1) ?? (last?.end === "failed" ? last : undefined);
    if (!run) return false;
    run.end = "failed";
    run.lastLine = this.#line;
    if (run.problems.length < mostProblems) run.problems.push(text);
    return true;
  }
}

const withoutGz = (file: string) => file.replace(/\.gz$/, "");

/** The run that wrote a file: the one that named it, else the newest without one. */
function ownerOf(open: readonly Open[], file: string): Open | undefined {
  return open.find((run) => run.file === withoutGz(file)) ?? open.findLast((run) => run.file === null);
}

/** The run that came to its end: of those that verified their file, else of those that have one, the first. */
function furthest(open: readonly Open[], kind: "backup" | "restore"): Open | undefined {
  const ofKind = open.filter((run) => run.kind === kind);
  return ofKind.find(({ verified }) => verified) ?? ofKind.find(({ file }) => file !== null) ?? ofKind.at(-1);
}

function name(run: Open, { file, size, packed }: Extract<LogLine, { says: "file" }>): void {
  const [, database = null, day, time] = /^(.+?)(?:_postgres_backup)?_(\d{8})_(\d{6})\.sql/.exec(file) ?? [];
  run.file = withoutGz(file);
  run.database = database;
  run.stamp = day && time ? `${day}_${time}` : null;
  // The packed file is what is kept.
  if (packed || run.size === null) run.size = size;
}

/** A backup is known by its file; anything else by the file before it and its number since then, which a longer log does not change. */
function withKeys(runs: readonly Open[]): LogRun[] {
  let before: string | null = null;
  let since = 0;
  const firstFile = runs.find(({ kind, file }) => kind === "backup" && file !== null)?.file ?? null;
  return runs.map(({ end, isMixed, ...run }, index) => {
    const outcome = end ?? "unfinished";
    const known = isMixed ? { ...run, counts: {}, databaseSize: null } : { ...run, counts: { ...run.counts } };
    if (run.kind === "backup" && run.file !== null) {
      before = run.file;
      since = 0;
      return { ...known, outcome, key: run.file };
    }
    since += 1;
    const place = before === null ? `before ${firstFile ?? "any file"}, ${index + 1}` : `after ${before}, ${since}`;
    return { ...known, outcome, key: `${run.kind} ${run.file === null ? "" : `of ${run.file} `}${place}` };
  });
}
