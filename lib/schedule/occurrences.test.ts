import { describe, expect, it } from "vitest";
import { readCron } from "./cron";
import { nextOccurrence, nextOccurrences, occurrencesBetween } from "./occurrences";
import { isTimeZone } from "./zone";

const times = (cron: string, timeZone: string, after: string, many: number) => nextOccurrences({ cron, timeZone }, new Date(after), many).map((at) => at.toISOString().slice(0, 16));

describe("times across changes of clocks", () => {
  it("keep the hour of the wall clock", () => {
    expect(times("0 2 * * *", "Europe/Dublin", "2026-03-27T12:00Z", 3)).toEqual(["2026-03-28T02:00", "2026-03-29T01:00", "2026-03-30T01:00"]);
    expect(times("0 2 * * *", "UTC", "2026-03-27T12:00Z", 2)).toEqual(["2026-03-28T02:00", "2026-03-29T02:00"]);
    expect(times("0 2 * * *", "Asia/Kolkata", "2026-03-27T12:00Z", 2)).toEqual(["2026-03-27T20:30", "2026-03-28T20:30"]);
  });

  it("happen once, at the next valid moment, when spring leaves them out", () => {
    expect(times("30 1 * * *", "Europe/Dublin", "2026-03-28T12:00Z", 2)).toEqual(["2026-03-29T01:00", "2026-03-30T00:30"]);
    // Half an hour only: 02:00 to 02:30.
    expect(times("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", 2)).toEqual(["2026-10-03T15:30", "2026-10-04T15:15"]);
    expect(times("0 0 * * *", "America/Santiago", "2026-09-05T12:00Z", 2)).toEqual(["2026-09-06T04:00", "2026-09-07T03:00"]);
  });

  it("do not happen twice where two of them fall on that moment", () => {
    expect(times("0,30 1,2 * * *", "Europe/Dublin", "2026-03-28T12:00Z", 4)).toEqual(["2026-03-29T01:00", "2026-03-29T01:30", "2026-03-30T00:00", "2026-03-30T00:30"]);
  });

  it("happen once when autumn repeats them", () => {
    expect(times("30 1 * * *", "Europe/Dublin", "2026-10-24T12:00Z", 2)).toEqual(["2026-10-25T00:30", "2026-10-26T01:30"]);
    expect(times("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00Z", 2)).toEqual(["2026-04-04T14:45", "2026-04-05T15:15"]);
  });

  it("follow real time when they go by every hour or minute", () => {
    expect(times("0 * * * *", "Europe/Dublin", "2026-10-24T23:30Z", 3)).toEqual(["2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00"]);
    expect(times("0 * * * *", "Europe/Dublin", "2026-03-28T23:30Z", 3)).toEqual(["2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T02:00"]);
    expect(times("*/15 * * * *", "Australia/Lord_Howe", "2026-04-04T14:30Z", 4)).toEqual(["2026-04-04T14:45", "2026-04-04T15:00", "2026-04-04T15:15", "2026-04-04T15:30"]);
  });
});

describe("nextOccurrence", () => {
  it("takes either of two restricted days, as cron does", () => {
    expect(times("0 0 13 * 5", "UTC", "2026-02-01T00:00Z", 4)).toEqual(["2026-02-06T00:00", "2026-02-13T00:00", "2026-02-20T00:00", "2026-02-27T00:00"]);
    expect(times("0 0 1-31/10 * 1", "UTC", "2026-02-01T00:00Z", 4)).toEqual(["2026-02-02T00:00", "2026-02-09T00:00", "2026-02-11T00:00", "2026-02-16T00:00"]);
  });

  it("is after the instant it is asked about, never at it", () => {
    expect(nextOccurrence({ cron: "0 2 * * *", timeZone: "UTC" }, new Date("2026-01-01T02:00:00.000Z"))?.toISOString()).toBe("2026-01-02T02:00:00.000Z");
    expect(nextOccurrence({ cron: "0 2 * * *", timeZone: "UTC" }, new Date("2026-01-01T01:59:59.999Z"))?.toISOString()).toBe("2026-01-01T02:00:00.000Z");
  });

  it.each(["0 0 30 2 *", "0 0 31 4,6 *"])("is null where %s never comes", (cron) => {
    expect(nextOccurrence({ cron, timeZone: "UTC" }, new Date("2026-01-01T00:00Z"))).toBeNull();
  });

  it("finds the next 29 February", () => {
    expect(times("0 0 29 2 *", "UTC", "2026-01-01T00:00Z", 1)).toEqual(["2028-02-29T00:00"]);
  });

  it("gives nothing for what it cannot read", () => {
    expect(nextOccurrence({ cron: "0 0 0 2 * *", timeZone: "UTC" }, new Date())).toBeNull();
    expect(nextOccurrence({ cron: "0 2 * * *", timeZone: "Europe/Dublim" }, new Date())).toBeNull();
  });
});

describe("a year", () => {
  // Written out from the clock of the wall: each quarter of an hour is asked what it is in the zone, and cron's fields are compared with it.
  const quarter = 15 * 60_000;
  function byWalking(cron: string, timeZone: string, from: Date, until: Date): string[] {
    const reading = readCron(cron);
    if (!reading.ok) throw new Error(reading.message);
    const format = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" });
    const seen = new Set<string>();
    const found: string[] = [];
    let before = "";
    for (let at = from.getTime() + quarter; at <= until.getTime(); at += quarter) {
      const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
      const day = `${part["month"]}-${part["day"]}`;
      const { hour, minute } = reading.cron;
      const isNow = hour.includes(part["hour"] ?? -1) && minute.includes(part["minute"] ?? -1);
      const now = (part["hour"] ?? 0) * 60 + (part["minute"] ?? 0);
      const [lastDay, last] = before.split(" ");
      // Quarters that the clock jumped over since the minute before.
      const skipped = lastDay === day && now - Number(last) > 15 ? hour.flatMap((h) => minute.map((m) => h * 60 + m)).filter((one) => one > Number(last) && one < now) : [];
      before = `${day} ${now}`;
      for (const one of [...(isNow ? [now] : []), ...skipped]) {
        if (seen.has(`${day} ${one}`)) continue;
        seen.add(`${day} ${one}`);
        if (found.at(-1) !== new Date(at).toISOString()) found.push(new Date(at).toISOString());
      }
    }
    return found;
  }

  it.each([["30 1 * * *", "Europe/Dublin"], ["15 2 * * *", "Australia/Lord_Howe"], ["0 */12 * * *", "Asia/Kolkata"], ["45 1,2 * * *", "America/New_York"]])("of %s in %s is what its wall clock shows", (cron, timeZone) => {
    const [from, until] = [new Date("2026-01-01T00:00Z"), new Date("2027-01-01T00:00Z")];
    const walked = byWalking(cron, timeZone, from, until);
    expect(walked.length).toBeGreaterThanOrEqual(365);
    expect(occurrencesBetween({ cron, timeZone }, from, until, 10_000).map((at) => at.toISOString())).toEqual(walked);
  });
});

it("knows zones by their names only", () => {
  expect(["Europe/Dublin", "UTC", "Asia/Kolkata"].every(isTimeZone)).toBe(true);
  expect(["Dublin", "", "+01:00", "Mars/Olympus"].some(isTimeZone)).toBe(false);
});
