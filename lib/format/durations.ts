import { nbsp, unknown } from "@/lib/format/symbols";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

function join(...parts: [figure: number | string, unit: string][]): string {
  return parts.map(([figure, unit]) => `${figure}${nbsp}${unit}`).join(nbsp);
}

/** Whole seconds and up, two units at most. Hours run to 48, because "31 h" says more than "1 d 7 h". */
function long(ms: number): string {
  const seconds = Math.floor(ms / second);
  if (seconds < 60) return join([seconds, "s"]);
  if (ms < hour) return join([Math.floor(ms / minute), "m"], [String(seconds % 60).padStart(2, "0"), "s"]);
  if (ms < 2 * day) return join([Math.floor(ms / hour), "h"], [Math.floor((ms % hour) / minute), "m"]);
  return join([Math.floor(ms / day), "d"], [Math.floor((ms % day) / hour), "h"]);
}

/** How long something took: `840 ms`, `1.4 s`, `41 s`, `3 m 08 s`, `7 h 14 m`, `3 d 4 h`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return unknown;
  const time = Math.max(0, ms);
  if (time === 0) return join([0, "s"]);
  if (time < 999.5) return join([Math.round(time), "ms"]);
  if (time < 9.95 * second) return join([(time / second).toFixed(1), "s"]);
  return long(Math.round(time / second) * second);
}

/** How long something has been going on: as `duration`, without the fractions a ticking figure cannot keep still. */
export function elapsed(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return unknown;
  return long(Math.max(0, ms));
}

/** A span somebody chose, such as an objective: `24 h`, `15 m`, `1 h 30 m`, `7 d`. Parts that are nothing stay away. */
export function span(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return unknown;
  if (seconds <= 0) return join([0, "s"]);
  const hours = Math.floor(seconds / 3600);
  const parts: [number, string][] =
    hours >= 48
      ? [[Math.floor(hours / 24), "d"], [hours % 24, "h"]]
      : hours > 0
        ? [[hours, "h"], [Math.floor((seconds % 3600) / 60), "m"]]
        : [[Math.floor(seconds / 60), "m"], [Math.floor(seconds % 60), "s"]];
  return join(...parts.filter(([figure]) => figure > 0));
}
