import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideConditions, type KnownCondition, type Observation } from "./conditions";

const hour = 3_600_000;
const at = (hours: number) => new Date(Date.UTC(2026, 8, 22) + hours * hour);
const seen = (state: Observation["state"], more: Partial<Observation> = {}): Observation => ({ key: "k", state, members: [], isWanted: true, ...more });
const open = (more: Partial<KnownCondition> = {}): KnownCondition => ({ key: "k", members: [], toldAt: at(0), closedAt: null, ...more });
const decide = (observed: Observation[], known: KnownCondition[], hours: number) => decideConditions(observed, known, { now: at(hours), repeatMs: 24 * hour });

describe("decideConditions", () => {
  it.each([
    ["opens what begins", seen("active"), [], 0, [{ do: "open", key: "k", isTold: true }]],
    ["opens again what was over", seen("active"), [open({ closedAt: at(-1) })], 0, [{ do: "open", key: "k", isTold: true }]],
    ["says nothing while it holds", seen("active"), [open()], 23, []],
    ["repeats after its time", seen("active"), [open()], 24, [{ do: "tell", key: "k", phase: "repeated" }]],
    ["says once that it is over", seen("clear"), [open()], 1, [{ do: "close", key: "k", isTold: true }]],
    ["says nothing of the end of what nobody heard of", seen("clear"), [open({ toldAt: null })], 1, [{ do: "close", key: "k", isTold: false }]],
    ["leaves alone what is not known", seen("held"), [open()], 99, []],
    ["does not begin with what is not known", seen("held"), [], 0, []],
    ["keeps to itself what nobody wants", seen("active", { isWanted: false }), [], 0, [{ do: "open", key: "k", isTold: false }]],
    ["tells it as soon as somebody does", seen("active"), [open({ toldAt: null })], 1, [{ do: "tell", key: "k", phase: "opened" }]],
    ["tells what is added to it", seen("active", { members: ["a", "b"] }), [open({ members: ["a"] })], 1, [{ do: "tell", key: "k", phase: "opened" }]],
    ["notes what is gone from it", seen("active", { members: ["a"] }), [open({ members: ["a", "b"] })], 1, [{ do: "note", key: "k" }]],
  ] as const)("%s", (_, observed, known, hours, moves) => expect(decide([observed], [...known], hours)).toEqual(moves));

  it("ends without a word what is not there any more", () => expect(decide([], [open()], 1)).toEqual([{ do: "close", key: "k", isTold: false }]));
  it("never repeats when told so", () => expect(decideConditions([seen("active")], [open()], { now: at(9_999), repeatMs: null })).toEqual([]));
});

it("opens and ends by turns, never twice, and repeats no sooner than it may, whatever is seen by however many", () => {
  const step = fc.record({ state: fc.constantFrom("active", "clear", "held"), hours: fc.integer({ min: 0, max: 30 }), looks: fc.integer({ min: 1, max: 3 }), isWanted: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let known: KnownCondition | null = null;
      let now = 0;
      const told: { what: string; at: number }[] = [];
      for (const { state, hours, looks, isWanted } of steps) {
        now += hours;
        // Several processes look at the same moment: each decides from what the one before it wrote.
        for (let look = 0; look < looks; look += 1) {
          for (const move of decide([seen(state as Observation["state"], { isWanted })], known ? [known] : [], now)) {
            if (move.do === "open") known = open({ toldAt: move.isTold ? at(now) : null });
            if (move.do === "tell") known = open({ toldAt: at(now) });
            if (move.do === "close") known = open({ ...known, closedAt: at(now) });
            if (move.do === "tell" || (move.do !== "note" && move.isTold)) told.push({ what: move.do === "tell" ? move.phase : move.do === "open" ? "opened" : "over", at: now });
          }
        }
      }
      told.forEach((one, index) => {
        const before = told[index - 1];
        if (one.what === "opened") expect(before?.what ?? "over").toBe("over");
        else expect(["opened", "repeated"]).toContain(before?.what);
        if (one.what === "repeated") expect(one.at - (before?.at ?? 0)).toBeGreaterThanOrEqual(24);
      });
    }),
  );
});
