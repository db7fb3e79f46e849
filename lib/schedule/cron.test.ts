import { describe, expect, it } from "vitest";
import { readCron } from "./cron";
import { cronOfParts, partsOfCron, presets } from "./parts";
import { cronSentence, scheduleSentence } from "./sentence";

describe("readCron", () => {
  it("reads stars, lists, ranges, steps and names", () => {
    expect(readCron("*/20 1-3 1,15 jan-mar Mon,7")).toMatchObject({ ok: true, cron: { minute: [0, 20, 40], hour: [1, 2, 3], day: [1, 15], month: [1, 2, 3], weekday: [0, 1] } });
    expect(readCron("5/15 * * * *")).toMatchObject({ ok: true, cron: { minute: [5, 20, 35, 50] } });
  });

  it.each([
    ["0 2 * *", null, "Write five fields: minute, hour, day of the month, month, day of the week. This has 4."],
    ["", null, "Write five fields: minute, hour, day of the month, month, day of the week. This has 0."],
    ["60 2 * * *", "minute", "Minute: 60 is more than 59."],
    ["0 25 * * *", "hour", "Hour: 25 is more than 23."],
    ["0 2 0 * *", "day", "Day of the month: 0 is less than 1."],
    ["0 2 * juli *", "month", "Month: “juli” is not a number from 1 to 12 or a name such as feb."],
    ["0 2 * * 8", "weekday", "Day of the week: 8 is more than 7."],
    ["0 5-2 * * *", "hour", "Hour: 5 to 2 runs backwards."],
    ["*/0 2 * * *", "minute", "Minute: the step “0” is not a number from 1 on."],
    ["*/90 2 * * *", "minute", "Minute: a step of 90 is longer than the field, which ends at 59."],
    ["1,,2 2 * * *", "minute", "Minute: there is nothing where a value should be."],
    ["0 2 L * *", "day", "Day of the month: “l” is not a number from 1 to 31."],
  ])("says what is wrong with %j, and where", (text, field, message) => {
    expect(readCron(text)).toEqual({ ok: false, field, message });
  });
});

describe("cronSentence", () => {
  it.each([
    ["0 2 * * *", "Every day at 02:00"],
    ["0 */12 * * *", "Every 12 hours, at 00:00 and 12:00"],
    ["0 3 * * 0", "Every Sunday at 03:00"],
    ["0 4 1 * *", "On the 1st of every month at 04:00"],
    ["0 * * * *", "Every hour, on the hour"],
    ["5 * * * *", "Every hour, at 5 minutes past"],
    ["*/15 * * * *", "Every 15 minutes"],
    ["* * * * *", "Every minute"],
    ["30 1 * * 1-5", "Every day from Monday to Friday at 01:30"],
    ["30 1 * * 1,3", "Every Monday and Wednesday at 01:30"],
    ["0 0 1,15 1,7 *", "On the 1st and 15th of January and July at 00:00"],
    ["0 0 13 * 5", "On the 13th of every month, and every Friday, at 00:00"],
    ["15,45 2 * * *", "Every day at 02:15 and 02:45"],
    ["0 9-17 * * *", "At 0 minutes past, in the hours 09, 10, 11, 12, 13, 14, 15, 16 and 17"],
    ["0 */8 * * 6", "Every 8 hours, at 00:00, 08:00 and 16:00, every Saturday"],
    ["nonsense", "nonsense"],
  ])("says %s as “%s”", (cron, sentence) => {
    expect(cronSentence(cron)).toBe(sentence);
  });

  it("names the zone", () => {
    expect(scheduleSentence({ cron: "0 2 * * *", timeZone: "Europe/Dublin" })).toBe("Every day at 02:00 Europe/Dublin");
  });
});

describe("parts", () => {
  it.each([...presets, "30 14/12 * * *", "17 * * * *", "5 23 * * 6", "0 1 28 * *"])("come back from %s as they were", (cron) => {
    const parts = partsOfCron(cron);
    expect(parts.every).not.toBe("cron");
    const written = cronOfParts(parts);
    expect(readCron(written ?? "")).toEqual(readCron(cron === "30 14/12 * * *" ? written ?? "" : cron));
  });

  it.each(["*/15 * * * *", "0 2 31 * *", "0 2 * 6 *", "0 2,9 * * *", "0 2 1 * 1", "x"])("leave %s to be written by hand", (cron) => {
    expect(partsOfCron(cron).every).toBe("cron");
    expect(cronOfParts(partsOfCron(cron))).toBeNull();
  });
});
