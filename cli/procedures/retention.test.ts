import { describe, expect, it } from "vitest";
import { presetPolicy, RetentionPolicy } from "@/lib/retention/schemas";
import { decideKeep } from "./retention";

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
