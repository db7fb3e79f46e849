// Says what a long step is doing, and for how long: in place on a terminal, a line every ten seconds anywhere else.
import process from "node:process";

const quietMs = 10_000;
const frames = ["·  ", "·· ", "···", " ··", "  ·", "   "];

/** "0.4 s", "12 s", "3 min 05 s". */
export function elapsed(ms) {
  const seconds = ms / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/**
 * Runs `work` under a title and returns its result. `work` gets `say(detail)`, for the part that moves; its result may
 * name what to print at the end through `done(text)`. A step that failed is marked and its error passed on.
 */
export async function step(title, work, { out = process.stdout, now = Date.now } = {}) {
  const started = now();
  let detail = "";
  let closing = "";
  let frame = 0;
  const clear = () => out.write("\r\x1b[2K");
  const draw = () => {
    const text = `  ${frames[frame++ % frames.length]} ${title}${detail ? `: ${detail}` : ""} (${elapsed(now() - started)})`;
    if (out.isTTY) {
      clear();
      out.write(text.slice(0, (out.columns ?? 80) - 1));
    } else out.write(`  ... ${title}${detail ? `: ${detail}` : ""} (${elapsed(now() - started)})\n`);
  };
  const timer = setInterval(draw, out.isTTY ? 200 : quietMs);
  const finish = (mark, text) => {
    clearInterval(timer);
    if (out.isTTY) clear();
    out.write(`  ${mark} ${text} (${elapsed(now() - started)})\n`);
  };
  try {
    if (out.isTTY) draw();
    const result = await work({ say: (text) => (detail = text), done: (text) => (closing = text) });
    finish("✓", closing || title);
    return result;
  } catch (error) {
    finish("✗", title);
    throw error;
  }
}

/** An end that a person can act on. Scripts print it without a stack. */
export class Stop extends Error {
  name = "Stop";
}

/** Runs a script's main function: prints a `Stop` as text and anything else whole, and exits 1 for both. */
export async function main(work) {
  try {
    const code = await work();
    if (typeof code === "number") process.exit(code);
  } catch (error) {
    console.error(error instanceof Stop ? `\n${error.message}` : error);
    process.exit(1);
  }
}
