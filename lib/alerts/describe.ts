import type { Channel } from "./channels";
import type { AlertSettings, ChannelSecret } from "./schemas";

/** A channel as the audit log keeps it: of secrets only whether they are set, or were changed. `databases` null: all. */
export function describeChannel({ name, kind, isOn, severity, events, target, secret }: Channel, databases: readonly string[] | null, changed: readonly string[]): Record<string, unknown> {
  const secrets: (keyof ChannelSecret)[] = kind === "email" ? ["password"] : kind === "webhook" ? ["url", "signingSecret"] : ["url"];
  const state = (one: string) => (changed.includes(one) ? "changed" : secret === null ? "none" : "set");
  const where = "host" in target ? { host: target.host, port: target.port, tls: target.tls, user: target.user || "none", from: target.from, to: target.to } : {};
  return { name, kind, on: isOn, lowestSeverity: severity, events: [...events], databases: databases ? [...databases] : "all", ...where, ...Object.fromEntries(secrets.map((one) => [one, state(one)])) };
}

/** The settings of all notifications as the audit log keeps them. */
export function describeSettings({ nothingHours, ownHours, repeatHours }: AlertSettings, nameOf: ReadonlyMap<string, string>): Record<string, unknown> {
  const hours = (value: number) => (value === 0 ? "never" : value);
  return {
    nothingSucceededHours: hours(nothingHours),
    repeatHours: hours(repeatHours),
    ...Object.fromEntries(Object.entries(ownHours).map(([id, value]) => [`nothingSucceededHours of ${nameOf.get(id) ?? "a removed database"}`, hours(value)])),
  };
}
