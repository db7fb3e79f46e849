import "server-only";
import { log } from "@/lib/log";

/** What the worker looks after again and again, beside its runs. */
export interface Duty {
  everyMs: number;
  work: () => Promise<unknown>;
  /** What the log says when it fails: "the stores could not be looked at". */
  failure: string;
}

/** A duty that is kept. */
export interface Kept {
  /** A round at once; resolves when it is over, also when it failed. While a round is under way there is no second one. */
  round: () => Promise<void>;
  stop: () => void;
}

/** Does a duty at its intervals, one round at a time: what does not answer must not be asked by several at once. */
export function keep({ everyMs, work, failure }: Duty): Kept {
  let isUnderWay = false;
  const round = async () => {
    if (isUnderWay) return;
    isUnderWay = true;
    await work().catch((error: unknown) => log.error({ err: error }, failure));
    isUnderWay = false;
  };
  const timer = setInterval(() => void round(), everyMs);
  return { round, stop: () => clearInterval(timer) };
}
