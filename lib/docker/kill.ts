import "server-only";
import type { Engine } from "./engine";
import { execText, tagVariable } from "./exec";

/**
 * Signals the tagged processes that have no tagged children, and prints how many tagged ones there are. It looks through /proc,
 * which every Linux container has; `ps` and `pkill` are missing from many images.
 *
 * Only leaves, because of who inherits orphans: in most database containers process 1 is the postmaster. A child whose parent was
 * killed becomes its child, and when that dies of a signal the postmaster takes it for a crashed server process and restarts the
 * whole server. Parents end by themselves once their children have.
 */
const script = `
tagged=
for directory in /proc/[0-9]*; do
  pid=\${directory#/proc/}
  [ "$pid" = "$$" ] && continue
  if tr '\\000' '\\n' < "$directory/environ" 2>/dev/null | grep -qxF "$1"; then tagged="$tagged $pid"; fi
done
parents=' '
for pid in $tagged; do
  parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null)
  parents="$parents$parent "
done
found=0
for pid in $tagged; do
  found=$((found + 1))
  case $parents in
    *" $pid "*) ;;
    *) kill -s "$2" "$pid" 2>/dev/null ;;
  esac
done
echo "$found"
`;

const rounds = 16;
const askedRounds = 5;
const betweenRoundsMs = 300;

/**
 * Stops every process in `container` that was started with `tag`, first asked, then forced, and returns how many there were.
 * Closing an exec's connection leaves its process running, so this is what makes cancelling real. A container that is gone or
 * stopped has none left, which is a success.
 */
export async function killTagged(engine: Engine, container: string, tag: string): Promise<number> {
  let first = 0;
  for (let round = 0; round < rounds; round += 1) {
    const found = await signalTagged(engine, container, tag, round < askedRounds ? "TERM" : "KILL");
    if (round === 0) first = found;
    if (found === 0) break;
    await new Promise((resolve) => setTimeout(resolve, betweenRoundsMs));
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
