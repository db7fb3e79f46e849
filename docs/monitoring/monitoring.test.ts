import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { families, type FamilyName } from "@/lib/monitoring/metrics/families";

const read = (file: string) => readFileSync(`docs/${file}`, "utf8");

const Rules = z.object({ groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string(), annotations: z.object({ summary: z.string(), description: z.string() }) })) })) });
const rules = Rules.parse(parse(read("monitoring/alerts.yml"))).groups.flatMap((group) => group.rules);

const Dashboard = z.object({
  title: z.string(),
  uid: z.string(),
  __inputs: z.array(z.object({ name: z.string() })),
  templating: z.object({ list: z.array(z.object({ definition: z.string() })) }),
  panels: z.array(z.object({ id: z.number(), title: z.string(), gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }), targets: z.array(z.object({ expr: z.string() })) })),
});
const dashboard = Dashboard.parse(JSON.parse(read("monitoring/grafana-dashboard.json")));
const drawn = [...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)), ...dashboard.templating.list.map(({ definition }) => definition)];

/** The families an expression names, and the labels it picks them by. */
function uses(expr: string): { name: string; labels: string[] }[] {
  return [...expr.matchAll(/(holdfast_\w+)(?:\{([^}]*)\})?/g)].map(([, name = "", selector = ""]) => ({ name, labels: [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label) }));
}

describe.each([["the rules", rules.map(({ expr }) => expr)], ["the dashboard", drawn]])("%s", (_, expressions) => {
  it.each(expressions)("ask only for what is measured: %s", (expr) => {
    const used = uses(expr);
    expect(used.length).toBeGreaterThan(0);
    for (const { name, labels } of used) {
      expect(Object.keys(families)).toContain(name);
      expect(families[name as FamilyName].labels).toEqual(expect.arrayContaining(labels));
    }
  });
});

it("draws no panel over another, and none twice", () => {
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`));
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});

it.each(Object.keys(families))("explains %s", (name) => expect(read("monitoring.md")).toContain(`\`${name}\``));

it("explains no figure and no alarm that is not there", () => {
  const text = read("monitoring.md");
  expect([...text.matchAll(/`(holdfast_\w+)`/g)].map(([, name]) => name).filter((name) => !Object.keys(families).includes(name ?? ""))).toEqual([]);
  for (const { alert } of rules) expect(text).toContain(`\`${alert}\``);
});
