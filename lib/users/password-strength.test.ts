import { describe, expect, it } from "vitest";
import { passwordStrength } from "./password-strength";

describe("passwordStrength", () => {
  it.each([
    ["", "short", "At least 12 characters. A few unrelated words are easy to keep."],
    ["elevenchars", "short", "1 more character to go."],
    ["maeve.byrne2026", "guessable", "Easy to guess: it contains “maeve”."],
    ["aaaaaaaaaaaaaa", "guessable", "Easy to guess: it repeats a few characters."],
    ["my-postgres-pw", "guessable", "Easy to guess: it contains one of the first things people try."],
    ["tin kettle oak", "good", "Good. Longer is stronger."],
    ["tin kettle under oak", "strong", "Strong."],
  ] as const)("says of %j that it is %s", (password, level, text) => {
    expect(passwordStrength(password, ["Maeve Byrne", "maeve.byrne@bimcalc.example"])).toEqual({ level, text });
  });
});
