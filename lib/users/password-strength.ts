import { minPasswordLength } from "./schemas";

export interface PasswordStrength {
  level: "short" | "guessable" | "good" | "strong";
  /** What to do, or that nothing is left to do. */
  text: string;
}

/**
 * Advice while a new password is typed. Length is what counts; the rest catches what a guesser tries first. Only `short` is
 * refused when the form is sent.
 */
export function passwordStrength(password: string, about: readonly string[] = []): PasswordStrength {
  const missing = minPasswordLength - [...password].length;
  if (missing > 0) return { level: "short", text: password === "" ? `At least ${minPasswordLength} characters. A few unrelated words are easy to keep.` : `${missing} more ${missing === 1 ? "character" : "characters"} to go.` };
  const lower = password.toLowerCase();
  const named = about.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)).find((word) => word.length >= 4 && lower.includes(word));
  if (named) return { level: "guessable", text: `Easy to guess: it contains “${named}”.` };
  if (new Set(lower).size < 6) return { level: "guessable", text: "Easy to guess: it repeats a few characters." };
  if (/(?:password|passwort|qwert|12345|abcdef|holdfast|postgres)/.test(lower)) return { level: "guessable", text: "Easy to guess: it contains one of the first things people try." };
  return password.length >= 18 ? { level: "strong", text: "Strong." } : { level: "good", text: "Good. Longer is stronger." };
}
