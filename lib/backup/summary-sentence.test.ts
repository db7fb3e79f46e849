import { describe, expect, it } from "vitest";
import { nbsp } from "@/lib/format/symbols";
import { summarySentence, type BackupsSummary } from "./summary-sentence";

const none: BackupsSummary = { total: 0, databases: 0, proven: 0, readable: 0, intact: 0, stored: 0, broken: 0, unreachable: 0, silentStores: [] };
const say = (change: Partial<BackupsSummary>) => summarySentence({ ...none, ...change }).replaceAll(nbsp, " ");

describe("summarySentence", () => {
  it("names each degree of trust", () => {
    expect(say({ total: 107, databases: 3, proven: 76, readable: 6, stored: 2, unreachable: 23, silentStores: ["nas-vault"] })).toBe(
      "107 backups of 3 databases. 76 are proven, 6 readable, 2 only stored, 23 cannot be checked while nas-vault cannot be read.",
    );
  });
  it("does not let readable pass for proven", () => expect(say({ total: 4, databases: 1, readable: 3, intact: 1 })).toBe("4 backups of 1 database. None is proven yet: 3 readable, 1 intact."));
  it("says what is damaged", () => expect(say({ total: 2, databases: 1, proven: 1, broken: 1 })).toBe("2 backups of 1 database. 1 is proven, 1 is damaged or missing."));
  it("claims nothing when nothing is left to trust", () => expect(say({ total: 2, databases: 1, broken: 2 })).toBe("2 backups of 1 database. None is proven, 2 are damaged or missing."));
  it("says nothing of nothing", () => expect(say({})).toBe("Nothing is backed up yet."));
});
