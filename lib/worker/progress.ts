import "server-only";
import type { Clock } from "@/lib/clock";
import type { RunProgress } from "@/lib/runs/schemas";

const kept = 90;

/** Turns totals into bytes per second. Holds the last seconds only, whatever a run's length. */
export class ProgressMeter {
  #bytes = 0;
  #written = 0;
  #perSecond: number[] = [];
  #lastDataAt: Date | null = null;
  #detail: string | null = null;
  #changed = false;

  constructor(private readonly clock: Clock) {}

  /** Starts anew for the next step. */
  reset(): void {
    this.#bytes = 0;
    this.#written = 0;
    this.#perSecond = [];
    this.#detail = null;
    this.#changed = true;
  }

  /** Less than before is of something else and counts from its own start; none means that no bytes are due from here on. */
  total(bytes: number): void {
    if (bytes < this.#bytes) this.#written = 0;
    if (bytes === 0) this.#perSecond = [];
    this.#bytes = bytes;
    this.#changed = true;
  }

  detail(text: string | null): void {
    this.#detail = text;
    this.#changed = true;
  }

  /** Called once a second: closes that second and returns what to write, or null when nothing has ever happened. */
  tick(): RunProgress | null {
    const moved = this.#bytes - this.#written;
    this.#written = this.#bytes;
    if (moved > 0) this.#lastDataAt = this.clock.now();
    if (this.#bytes > 0) this.#perSecond = [...this.#perSecond, moved].slice(-kept);
    if (!this.#changed && this.#bytes === 0) return null;
    return { bytes: this.#bytes, perSecond: this.#perSecond, lastDataAt: this.#lastDataAt?.toISOString() ?? null, detail: this.#detail };
  }
}
