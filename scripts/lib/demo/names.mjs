import { createHash } from "node:crypto";
import { inspect, inspectNetwork, inspectVolume } from "../containers.mjs";

const demoLabel = "holdfast.demo";

/**
 * The labels of the demo that belongs to one data directory. Another Holdfast on the same Engine has another, so neither
 * touches what the other made.
 */
export function demoLabels(dataDirectory) {
  return { [demoLabel]: "1", [`${demoLabel}.of`]: createHash("sha256").update(dataDirectory).digest("hex").slice(0, 12) };
}

/** The same as the Engine's filters want them. */
export const asFilter = (labels) => Object.entries(labels).map(([name, value]) => `${name}=${value}`);

const namesWith = (suffix) => ({
  postgres: `holdfast-demo-postgres${suffix}`,
  app: `holdfast-demo-app${suffix}`,
  network: `holdfast-demo${suffix}`,
  volume: `holdfast-demo-data${suffix}`,
});

/** Names that nobody has: the plain ones, else the same with -2, -3 and so on. What has a name already is left alone. */
export async function freeNames(engine) {
  for (let number = 1; ; number += 1) {
    const names = namesWith(number === 1 ? "" : `-${number}`);
    const taken = await Promise.all([
      inspect(engine, names.postgres),
      inspect(engine, names.app),
      inspectNetwork(engine, names.network),
      inspectVolume(engine, names.volume),
    ]);
    if (taken.every((found) => found === null)) return names;
  }
}
