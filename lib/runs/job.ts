import "server-only";
import type { Context } from "@/lib/context";
import type { StepName } from "./schemas";

/** What a run's work gets from the worker. Domain functions named `run…` take one. */
export interface Job<Input = unknown> {
  /** Acts as whoever asked for the run; `origin` is the worker. */
  ctx: Context;
  runId: number;
  /** Null for runs that are about no database. */
  databaseId: string | null;
  backupId: string | null;
  input: Input;
  /** Marks this run's processes and files wherever they are: unique across installations that share an engine. */
  tag: string;
  /** Aborted by a cancel, a stopping worker or a lost lease; its reason is the typed error. */
  signal: AbortSignal;
  /** Runs one step: its start, end and duration become events. `done` is the sentence under its name. */
  step<T>(name: StepName, work: () => Promise<T>, done?: (result: T) => string): Promise<T>;
  /** A line in the run's log. */
  log(message: string): Promise<void>;
  /** A line that the run page and the backup show as a warning. */
  warn(message: string): Promise<void>;
  /** Bytes moved so far in the present step. Cheap: written at most once a second. */
  progress(totalBytes: number): void;
  /** What is being worked on at this moment, beside the bytes: a table's name. */
  detail(text: string | null): void;
  /**
   * Confirms that the run is still this worker's, before anything that cannot be taken back. A worker that slept may have been
   * declared lost meanwhile. Throws `run.lease_lost`.
   */
  renewLease(): Promise<void>;
  /**
   * From here on neither a cancel nor a stopping worker is heard: what comes next has to be brought to its end. Renews the lease first.
   * `signal` stays as it is, so later work is given one of its own.
   */
  pointOfNoReturn(): Promise<void>;
}

/** What a finished run leaves: for its row, and for its entry in the audit log. */
export interface JobResult {
  result?: Record<string, unknown>;
  /** The sentence of the audit entry, without a full stop; the run's kind has a default. */
  sentence?: string;
  backupId?: string;
  sizeBytes?: number;
  records?: number | null;
  /** Why it was asked for, where somebody had to say so. */
  reason?: string | null;
  after?: Record<string, unknown>;
}
