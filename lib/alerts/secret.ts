import "server-only";
import { open, type Channel } from "./channels";
import { alertErrors } from "./errors";
import type { ChannelSecret, ChannelTarget, SaveChannelInput } from "./schemas";

type SecretName = keyof ChannelSecret;

export interface MergedSecret {
  /** To be sealed; null: what is sealed stays as it is, or there is nothing. */
  all: ChannelSecret | null;
  isKept: boolean;
  /** The names of those that were entered now. */
  entered: SecretName[];
}

/**
 * Puts what was entered and what is set together. What is set is opened only when it has to be sealed again beside something new, so that
 * a name can be changed without the key. A password is never kept for another server or user than it was entered for.
 */
export function mergeSecret(input: SaveChannelInput, before: Channel | null): MergedSecret {
  const entered = enteredIn(input);
  const needed = neededBy(input);
  const missing = needed.filter((name) => entered[name] === undefined);
  const given = needed.filter((name) => entered[name] !== undefined);
  const all = Object.fromEntries(given.map((name) => [name, entered[name]])) as ChannelSecret;
  if (missing.length === 0) return { all: given.length > 0 ? all : null, isKept: false, entered: given };
  for (const name of missing) if (!before?.secret || !mayKeep(name, input, before)) throw missingError(name, before !== null);
  if (given.length === 0 || !before) return { all: null, isKept: true, entered: [] };
  const set = open(before).secret;
  return { all: { ...Object.fromEntries(missing.map((name) => [name, set[name]])), ...all }, isKept: false, entered: given };
}

/** What is no secret of where the channel leads. */
export function targetOf(input: SaveChannelInput, before: Channel | null): ChannelTarget {
  if (input.kind === "email") {
    const { host, port, tls, user, from, to } = input;
    return { host, port, tls, user, from, to };
  }
  if (input.url !== null) return { webHost: new URL(input.url).host };
  return before?.target ?? { webHost: "" };
}

function enteredIn(input: SaveChannelInput): ChannelSecret {
  const one = (name: SecretName, value: string | null) => (value === null ? {} : { [name]: value });
  if (input.kind === "email") return one("password", input.password);
  return { ...one("url", input.url), ...(input.kind === "webhook" ? one("signingSecret", input.signingSecret) : {}) };
}

function neededBy(input: SaveChannelInput): SecretName[] {
  if (input.kind === "email") return input.user ? ["password"] : [];
  return input.kind === "webhook" ? ["url", "signingSecret"] : ["url"];
}

function mayKeep(name: SecretName, input: SaveChannelInput, { target }: Channel): boolean {
  if (name !== "password" || input.kind !== "email" || !("host" in target)) return true;
  return target.user !== "" && target.host === input.host && target.port === input.port && target.tls === input.tls && target.user === input.user;
}

function missingError(name: SecretName, isChange: boolean) {
  if (name === "password") return alertErrors.password_missing({ moved: isChange });
  return name === "url" ? alertErrors.address_missing({}) : alertErrors.signing_missing({});
}
