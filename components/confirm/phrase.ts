/**
 * What was typed to confirm, as the server wants it: the phrase itself, or null when something else was typed. Blanks around it count on
 * neither side, because nobody sees them, and a name may begin or end with one.
 */
export function confirmedPhrase(typed: string, phrase: string): string | null {
  return typed.trim() === phrase.trim() ? phrase : null;
}
