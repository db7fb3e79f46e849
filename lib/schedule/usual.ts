import { usualCron } from "./parts";
import { ScheduleSettings, type ScheduleKind } from "./schemas";

/**
 * A schedule of each kind before anybody changes it. Times are the procedures': a backup every day, a test restore every quarter,
 * a disaster drill every year. What failed for the file's or the data's sake would fail again, so only backups are tried again.
 */
export function usualSettings(kind: ScheduleKind, timeZone = "UTC"): ScheduleSettings {
  const once = { retries: 0, overlap: "wait" } as const;
  const own = {
    backup: { cron: usualCron },
    drill: { cron: "0 3 1 1,4,7,10 *", ...once },
    disaster_drill: { cron: "0 4 15 1 *", ...once },
    clean_up: { cron: "0 3 * * 0", ...once },
    recheck: { cron: "0 5 * * *", jitterSeconds: 3_600, ...once },
  } as const satisfies Record<ScheduleKind, object>;
  return ScheduleSettings.parse({ timeZone, ...own[kind] });
}
