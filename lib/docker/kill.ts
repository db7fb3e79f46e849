import "server-only";
import type { Engine } from "./engine";
import { execText, tagVariable } from "./exec";

/** Looks through /proc, which every Linux container has; `ps` and `pkill` are missing from many images. */
const script = `
found=0
for directory in /proc/[0-9]*; do
  pid=\${directory#/proc/}
  [ "$pid" = "$$" ] && continue
  if tr '\\000' '\\n' < "$directory/environ" 2>/dev/null | grep -qxF "$1"; then
    kill -s "$2" "$pid" 2>/dev/null
    found=$((found + 1))
  fi
done
echo "$found"
`;

/**
 * Stops every process in `container` that was started with `tag`, first asked, then forced. Returns how many there were.
 * Closing an exec's connection leaves its process running, so this is what makes cancelling real. A container that is gone
 * or stopped has none left, which is a success.
 */
export async function killTagged(engine: Engine, container: string, tag: string): Promise<number> {
  let first = 0;
  for (const [round, name] of (["TERM", "TERM", "KILL", "KILL"] as const).entries()) {
    const found = await signalTagged(engine, container, tag, name);
    if (round === 0) first = found;
    if (found === 0) return first;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return first;
}

async function signalTagged(engine: Engine, container: string, tag: string, signalName: "TERM" | "KILL"): Promise<number> {
  for (const user of ["0", undefined]) {
    try {
      const { exitCode, stdout } = await execText(engine, {
        container,
        tool: "sh",
        user,
        argv: ["sh", "-c", script, "holdfast-kill", `${tagVariable}=${tag}`, signalName],
      });
      if (exitCode === 0) return Number(stdout.trim()) || 0;
    } catch {
      // No root in this container, or no container any more: the next way, or nothing to stop.
    }
  }
  return 0;
}
