import type { Channel } from "@/lib/alerts/channels";
import type { AlertSettings } from "@/lib/alerts/schemas";
import type { ConfigInput } from "./schemas";
import { writeDuration } from "./units";

type WrittenChannel = NonNullable<ConfigInput["channels"]>[string];

/** A channel as a file says it; its secrets as variables that somebody has to set. */
export function channelOf({ name, kind, isOn, severity, events, databaseIds, target, secret }: Channel, nameOf: ReadonlyMap<string, string>): WrittenChannel {
  const reference = (what: string) => `\${HOLDFAST_${name.toUpperCase().replace(/[^A-Z0-9]+/g, "_").replace(/^_|_$/g, "")}_${what}}`;
  // Of databases that were removed nothing is told any more.
  const databases = databaseIds?.flatMap((id) => nameOf.get(id) ?? []) ?? [];
  const of = { on: isOn, ...(databases.length > 0 ? { databases } : {}) };
  const told = { ...of, severity, events: [...events] };
  if ("host" in target) {
    const { host, port, tls, user, from, to } = target;
    return { kind: "email", ...told, host, port, tls, user, from, to, ...(secret === null ? {} : { password: reference("PASSWORD") }) };
  }
  const url = reference("URL");
  if (kind === "webhook") return { kind, ...told, url, signingSecret: reference("SIGNING_SECRET") };
  return kind === "ping" ? { kind, ...of, url } : { kind: "slack", ...told, url };
}

/** When people are told, as a file says it. */
export function notificationsOf({ nothingHours, ownHours, repeatHours }: AlertSettings, nameOf: ReadonlyMap<string, string>): NonNullable<ConfigInput["notifications"]> {
  const hours = (value: number) => (value === 0 ? "0h" : writeDuration(value * 3_600));
  const own = Object.entries(ownHours).flatMap(([id, value]) => (nameOf.has(id) ? [[nameOf.get(id) ?? "", hours(value)] as const] : []));
  return { nothingAfter: hours(nothingHours), own: Object.fromEntries(own), repeatAfter: hours(repeatHours) };
}
