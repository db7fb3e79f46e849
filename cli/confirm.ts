import { ask, canAsk } from "./ask";
import { cliErrors } from "./errors";
import { plain } from "./text";

export interface Confirmation {
  /** What was given as --confirm. */
  confirm?: string | undefined;
  /** What was given as --reason. */
  reason?: string | undefined;
}

/**
 * The name of what is replaced or removed, as a person wrote it: given as --confirm, else typed on the terminal. Throws
 * `cli.not_confirmed` for anything else, and where there is nobody to ask.
 */
export async function confirmedName(name: string, { confirm }: Confirmation): Promise<string> {
  if (confirm === undefined && !canAsk()) throw cliErrors.not_confirmed({ name, typed: null });
  const typed = confirm ?? (await ask(`Type ${plain(name)} to go on: `));
  if (typed !== name) throw cliErrors.not_confirmed({ name, typed });
  return typed;
}

/** Why, for the audit log: given as --reason, else asked. Throws `cli.no_reason`. */
export async function givenReason({ reason }: Confirmation): Promise<string> {
  const text = (reason ?? (canAsk() ? await ask("Why, for the audit log: ") : "")).trim();
  if (text === "") throw cliErrors.no_reason({});
  return text;
}
