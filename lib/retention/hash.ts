import { createHash } from "node:crypto";
import type { RetentionDecision } from "./schemas";

/** What a person saw going: the SHA-256 of the ids, in order. Anything else going needs another look. */
export function hashDecision({ go }: Pick<RetentionDecision, "go">): string {
  return createHash("sha256").update(JSON.stringify(go.map(({ backup }) => backup.id))).digest("hex");
}
