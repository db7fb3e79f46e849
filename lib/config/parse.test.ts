import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "./json-schema";
import { parseConfig } from "./parse";
import { suggest } from "./suggest";
import { Duration, Size, writeDuration, writeSize } from "./units";

const problemsIn = (text: string) => {
  const parsed = parseConfig(text);
  return parsed.ok ? [] : parsed.problems;
};

describe("parseConfig", () => {
  it("takes a whole file, and fills in what it leaves out", () => {
    const parsed = parseConfig(`
stores:
  local-disk: { path: /srv/backups }
databases:
  bimcalc:
    container: bimcalc-postgres
    role: bimcalc
    store: local-disk
    objectives: { loseAtMost: 12h }
    application: { containers: [bimcalc-app] }
    checks: [{ name: items, query: SELECT count(*) FROM price_items, expected: 32 }]
    schedules: { backup: { cron: "0 2 * * *", timeZone: Europe/Dublin, timeLimit: 2h } }
    retention: { everyDays: 90, totalSize: 500 GiB }
  orders: { container: orders-postgres, role: orders, retention: everything, schedules: { backup: none } }
`);
    expect(parsed).toMatchObject({
      ok: true,
      file: {
        databases: {
          bimcalc: {
            objectives: { objectiveRpoSeconds: 43_200, objectiveRtoSeconds: 300, objectiveTableSeconds: 120, objectivePointInTimeSeconds: 600 },
            application: { containers: ["bimcalc-app"], healthUrl: null, healthSeconds: 120, stopSeconds: 30, rehearsal: null },
            checks: [{ expected: "32" }],
            schedules: { backup: { timeZone: "Europe/Dublin", timeoutSeconds: 7_200, retries: 2, retryDelaySeconds: 300, jitterSeconds: 0, missed: "catch_up" } },
            retention: { everyDays: 90, totalBytes: 500 * 1024 ** 3, atLeastGood: 3 },
          },
          orders: { retention: "everything", schedules: { backup: "none" } },
        },
      },
    });
  });

  it.each([
    ["an unknown key, with what was meant", "databases:\n  a:\n    contianer: x\n    container: x\n    role: r\n", { line: 3, path: "databases.a.contianer", message: "There is no key contianer here. Did you mean container?" }],
    ["an unknown key at the top, with what there is", "stores: {}\nusers: {}\n", { line: 2, path: "users", message: "There is no key users here. Known are: $schema, stores, databases, channels, notifications." }],
    ["a key that is missing", "databases:\n  a:\n    container: x\n", { line: 2, path: "databases.a.role", message: "role is missing." }],
    ["a wrong word", "databases:\n  a: { container: x, role: r, drills: { when: dayly } }\n", { line: 2, path: "databases.a.drills.when", message: "Write after_backup, daily, weekly, quarterly, yearly, scheduled or never." }],
    ["a wrong kind of value", "databases:\n  a:\n    container: [x]\n    role: r\n", { line: 3, path: "databases.a.container", message: "Write text." }],
    ["what is wrong inside a choice", "databases:\n  a:\n    container: x\n    role: r\n    retention:\n      everydays: 3\n", { line: 6, path: "databases.a.retention.everydays", message: "There is no key everydays here. Did you mean everyDays?" }],
    ["a choice that is none", "databases:\n  a: { container: x, role: r, retention: all }\n", { line: 2, path: "databases.a.retention", message: "Write everything, or keys with values." }],
    ["an empty key, which would be a way to lose a schedule by accident", "databases:\n  a:\n    container: x\n    role: r\n    schedules:\n      backup:\n", { line: 6, path: "databases.a.schedules.backup", message: "Write none, or keys with values." }],
    ["a cron expression of three fields", 'databases:\n  a: { container: x, role: r, schedules: { backup: { cron: "0 2 *" } } }\n', { line: 2, path: "databases.a.schedules.backup.cron", message: "Write five fields: minute, hour, day of the month, month, day of the week. This has 3." }],
    ["a time without a unit", "databases:\n  a: { container: x, role: r, objectives: { loseAtMost: 24 } }\n", { line: 2, path: "databases.a.objectives.loseAtMost", message: "Write a time such as 30s, 5m, 24h or 7d." }],
    ["a relative directory", "stores:\n  disk: { path: backups }\n", { line: 2, path: "stores.disk.path", message: "Write the whole path, starting with /." }],
    ["a key that is there twice", "stores: {}\nstores: {}\n", { line: 2, path: null, message: "Map keys must be unique." }],
    ["broken YAML", "stores: [\n", { line: 2, path: null }],
    ["a tag", "stores: !!python/object {}\n", { line: 1, path: null }],
    ["a list", "- stores\n", { line: null, path: null, message: "Write keys with values." }],
    ["two checks of one name", "databases:\n  a:\n    container: x\n    role: r\n    checks: [{ name: n, query: q, expected: '1' }, { name: n, query: q2, expected: '1' }]\n", { line: 5, path: "databases.a.checks", message: "Two checks have the same name." }],
    ["two times for drills", "databases:\n  a: { container: x, role: r, drills: { when: weekly }, schedules: { drill: { cron: '0 4 * * *' } } }\n", { line: 2, path: "databases.a.drills.when", message: "schedules.drill says when. Write scheduled instead of weekly, or take schedules.drill out." }],
    ["drills by a schedule that is not there", "databases:\n  a: { container: x, role: r, drills: { when: scheduled } }\n", { line: 2, path: "databases.a.drills.when", message: "scheduled goes with the times under schedules.drill, and there are none." }],
    ["options that do not go together", "databases:\n  a: { container: x, role: r, options: { format: plain, compressionLevel: 12 } }\n", { line: 2, path: "databases.a.options.compressionLevel" }],
  ])("says where and what: %s", (_, text, problem) => {
    expect(problemsIn(text)).toEqual([expect.objectContaining(problem)]);
  });

  it("does not let a small file become a huge one", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]", ..."bcdefghi".split("").map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefgh"[index]}`).join(",")}]`)].join("\n");
    expect(problemsIn(bomb)).toEqual([{ line: null, path: null, message: expect.stringContaining("alias") as unknown }]);
  });

  it("reads JSON as well", () => {
    expect(parseConfig('{ "$schema": "docs/holdfast.config.schema.json", "stores": { "disk": { "path": "/srv" } } }')).toMatchObject({ ok: true, file: { stores: { disk: { path: "/srv" } } } });
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("a", ":", " ", "\n", "-", "[", "]", "{", "}", "*", "&", "!", "#", "'", '"', "|", "stores", "databases", "0") }), (text) => void parseConfig(text)));
  });
});

describe("units", () => {
  it.each([["30s", 30], ["5m", 300], ["24h", 86_400], ["7d", 604_800], ["1.5h", 5_400], ["90 s", 90]])("reads %s", (text, seconds) => expect(Duration.parse(text)).toBe(seconds));
  it.each(["", "5", "m", "-5m", "5 minutes", "5M", "1e3s"])("refuses %j", (text) => expect(Duration.safeParse(text).success).toBe(false));

  it("writes what it reads", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 9_999_999 }), (seconds) => void expect(Duration.parse(writeDuration(seconds))).toBe(seconds)));
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (bytes) => void expect(Size.parse(writeSize(bytes))).toBe(bytes)));
    expect([writeDuration(86_400), writeDuration(172_800), writeDuration(90), writeSize(500 * 1024 ** 3)]).toEqual(["24h", "2d", "90s", "500 GiB"]);
  });
});

describe("suggest", () => {
  it.each([["contianer", "container"], ["Container", "container"], ["containers", "container"], ["xyz", null], ["rol", "role"]])("takes %s for %s", (unknown, meant) => {
    expect(suggest(unknown, ["container", "role", "store"])).toBe(meant);
  });
});

it("publishes the schema that it reads by (npm run config-schema writes it anew)", () => {
  expect(JSON.parse(readFileSync("docs/holdfast.config.schema.json", "utf8"))).toEqual(configJsonSchema());
});
