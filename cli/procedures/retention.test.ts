import { describe, expect, it } from "vitest";
import { presetPolicy, RetentionPolicy } from "@/lib/retention/schemas";
import { saveSchedule } from "@/lib/schedule/manage";
import { SaveScheduleInput } from "@/lib/schedule/schemas";
import { testDatabase } from "@/lib/testing/database";
import { protectedScene } from "@/lib/testing/protected";
import { cleanedWords, decideKeep, whyElsewhere } from "./retention";

describe("BACKUP_RETENTION_DAYS", () => {
  it("leaves everything where neither the variable nor Holdfast has a rule", () => {
    expect(decideKeep(null, null)).toEqual({ do: "nothing" });
  });

  it("is the database's rule where that is none or another number of days", () => {
    expect(decideKeep(null, 90)).toEqual({ do: "save", days: 90 });
    expect(decideKeep(presetPolicy(30), 90)).toEqual({ do: "save", days: 90 });
    expect(decideKeep(presetPolicy(90), 90)).toEqual({ do: "leave", days: 90 });
    expect(decideKeep(presetPolicy(30), null)).toEqual({ do: "leave", days: 30 });
  });

  it("does not overrule rules that somebody made richer", () => {
    const monthly = RetentionPolicy.parse({ everyDays: 30, months: 12 });
    expect(decideKeep(monthly, 7)).toEqual({ do: "leave", days: null });
    expect(decideKeep(RetentionPolicy.parse({ everyDays: 30, atLeastGood: 5 }), 7)).toEqual({ do: "leave", days: null });
  });
});

describe("what the script says of the clean-up", () => {
  const said = (...given: Parameters<typeof cleanedWords>) => cleanedWords(...given).replaceAll("\u00a0", " ");

  it("is what was removed, or that nothing was to be", () => {
    expect([said(2, null), said(0, null)]).toEqual(["Removed 2 backups", "Nothing to remove"]);
  });

  it("is asked of the record: a clean-up under way, or a schedule of its own", async () => {
    const test = await testDatabase();
    try {
      const { protect } = await protectedScene(test);
      const databaseId = await protect("orders", 2);
      expect(await whyElsewhere(test, databaseId)).toBeNull();
      await saveSchedule(await test.as("admin"), SaveScheduleInput.parse({ databaseId, kind: "clean_up", cron: "0 3 * * 0", timeZone: "UTC" }));
      expect(await whyElsewhere(test, databaseId)).toEqual({ schedule: "Every Sunday at 03:00 UTC" });
      const { id } = await test.db.run.create({ data: { kind: "prune_backups", status: "running", databaseId, input: "{}", initiatorKind: "schedule", initiatorName: "Schedule", origin: "t", queuedAt: test.clock.now() } });
      expect(await whyElsewhere(test, databaseId)).toEqual({ activeRunId: id });
    } finally {
      await test.close();
    }
  });

  it("is that another run removes them, or that they go at times of their own", () => {
    expect(said(0, { activeRunId: 12 })).toBe("Old backups are being removed by run 12, which is not over");
    expect(said(1, { activeRunId: 12 })).toBe("Removed 1 backup; more are being removed by run 12, which is not over");
    expect(said(0, { schedule: "Every Sunday at 03:00 UTC" })).toBe("Not now: they are cleaned at times of their own. Every Sunday at 03:00 UTC");
    expect(said(1, { schedule: "Every Sunday at 03:00 UTC" })).toBe("Removed 1 backup");
  });
});
