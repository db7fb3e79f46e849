import "server-only";
import { readSmallFile, writeSmallFile, type LocalStore } from "@/lib/stores/local";
import { sidecarName } from "./names";
import { Sidecar } from "./schemas";

/** Writes the description beside a backup; an older one is replaced in one step. */
export async function writeSidecar(store: LocalStore, key: string, sidecar: Sidecar, owner: string): Promise<void> {
  await writeSmallFile(store, sidecarName(key), `${JSON.stringify(sidecar, null, 2)}\n`, owner);
}

/** Reads it; null when there is none, or when it is not one of ours or damaged: the file is then treated as foreign. */
export async function readSidecar(store: LocalStore, key: string): Promise<Sidecar | null> {
  const text = await readSmallFile(store, sidecarName(key));
  if (text === null) return null;
  try {
    return Sidecar.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
