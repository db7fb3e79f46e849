import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's own directory, wherever it was started from. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

export const inRoot = (...parts) => path.join(root, ...parts);
