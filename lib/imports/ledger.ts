import type { ImportRow } from "./schemas";

/** The variables of an old file, and how rows about them are made. */
export interface Ledger {
  values: Readonly<Record<string, string>>;
  /** Those of them that are set, as a row shows them: secrets without their value. */
  shown: (...names: string[]) => ImportRow["variables"];
  impossible: (id: string, names: readonly string[], why: string) => ImportRow;
}

const secret = /PASSWORD|_PASS$|SECRET|TOKEN|WEBHOOK|SLACK|_KEY$|_KEY_|CREDENTIAL/;

/** Whether what a variable holds is shown to nobody, by its name. */
export function isSecret(name: string): boolean {
  return secret.test(name);
}

/** `wanted`, with a number behind it where that is taken. */
export function freeName(wanted: string, all: readonly { name: string }[]): string {
  const taken = new Set(all.map((one) => one.name));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? wanted.slice(0, 50) : `${wanted.slice(0, 50)} ${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
