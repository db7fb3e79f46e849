import os from "node:os";
import { engine } from "./engine";

/** On everything that tests create on an Engine; with `.pid` and `.host`, so that the dead can be told from the living. */
export const testLabel = "holdfast.test";

const tooOldSeconds = 3 * 3_600;

/** Removes a container and its unnamed volumes; one that is gone already is fine. */
export async function removeContainer(id: string): Promise<void> {
  try {
    await engine.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode;
    if (status !== 404 && status !== 409) throw error; // 409: someone else is removing it right now.
  }
}

/** Removes the test containers of `pid`, or, without it, those whose run is over and could not clean up after itself. */
export async function removeLeftovers(pid?: string): Promise<number> {
  const containers = await engine.listContainers({ all: true, filters: { label: [`${testLabel}=1`] } });
  const over = containers.filter(({ Labels, Created }) => {
    const owner = Labels[`${testLabel}.pid`];
    if (pid !== undefined) return owner === pid && Labels[`${testLabel}.host`] === os.hostname();
    if (Date.now() / 1_000 - Created > tooOldSeconds) return true;
    return Labels[`${testLabel}.host`] === os.hostname() && !isAlive(Number(owner));
  });
  for (const { Id } of over) await removeContainer(Id);
  return over.length;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
