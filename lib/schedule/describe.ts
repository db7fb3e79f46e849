import { readJson } from "@/lib/db/codecs";
import type { Schedule } from "@/lib/db/generated/client";
import { BackupOptions } from "@/lib/databases/schemas";
import { scheduleSentence } from "./sentence";

/** A schedule as the audit log keeps it. */
export function describeSchedule(schedule: Pick<Schedule, "kind" | "cron" | "timeZone" | "options" | "jitterSeconds" | "retries" | "retryDelaySeconds" | "timeoutSeconds" | "missed" | "overlap">): Record<string, unknown> {
  const { kind, cron, timeZone, options, jitterSeconds, retries, retryDelaySeconds, timeoutSeconds, missed, overlap } = schedule;
  return { kind, when: scheduleSentence({ cron, timeZone }), cron, timeZone, options: readJson(BackupOptions, options), jitterSeconds, retries, retryDelaySeconds, timeoutSeconds, missed, overlap };
}
