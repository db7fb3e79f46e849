import type { AppError } from "@/lib/errors";
import { backupErrors } from "./errors";

/** What the size of a file that is there says against it; null where it is as large as what was stored. */
export function compareSize({ key, store, expected, found }: { key: string; store: string; expected: number; found: number }): AppError | null {
  if (found === expected) return null;
  return found === 0 ? backupErrors.empty_file({ key }) : backupErrors.wrong_size({ key, store, expected, found });
}
