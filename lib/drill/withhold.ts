const shortest = 3;
const mark = "[withheld]";
/** Names that secrets go by, and addresses with a password. */
const named = /((?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|credential)s?["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi;
const inAddress = /(:\/\/[^\s:/@]*:)[^\s/@]+@/g;

/**
 * A container's own words without the values of its environment (`NAME=value`), whole or as the password in an address, and without
 * what is named like a secret. Values of one or two characters say nothing and would tear every word apart.
 */
export function withhold(text: string, env: readonly string[]): string {
  const values = env.map((pair) => pair.slice(pair.indexOf("=") + 1));
  const parts = [...values, ...values.flatMap(passwordsIn)].filter((part) => part.trim().length >= shortest);
  return [...new Set(parts.flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]))]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, part) => rest.replaceAll(part, mark), text)
    .replace(inAddress, `$1${mark}@`)
    .replace(named, `$1${mark}`);
}

function passwordsIn(value: string): string[] {
  const words = [...value.matchAll(/(?:^|[\s;&?])(?:password|pwd)=('[^']*'|[^\s;&]+)/gi)].map((found) => (found[1] ?? "").replaceAll("'", ""));
  if (!URL.canParse(value)) return words;
  const { password } = new URL(value);
  return [...words, password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
