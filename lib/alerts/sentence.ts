import { count } from "@/lib/format/counts";
import { alertEvents, eventKinds, isAtLeast, type AlertEvent, type Severity } from "./events";
import type { ChannelKind } from "./schemas";
import { toldEvents, type Wishes } from "./wants";

export const kindWords = {
  email: { title: "Email", sub: "Through a mail server of yours, to one or more people." },
  slack: { title: "Slack", sub: "An incoming webhook of Slack, or of what takes the same messages." },
  webhook: { title: "Webhook", sub: "A signed JSON message to an address of yours." },
  ping: { title: "Ping", sub: "A check that expects to be called after each good backup, and raises the alarm itself when nobody calls." },
} as const satisfies Record<ChannelKind, { title: string; sub: string }>;

export const severityWords = {
  info: "Everything chosen below",
  warning: "Only warnings and what is critical",
  critical: "Only what is critical",
} as const satisfies Record<Severity, string>;

const mostNamed = 3;
/** Where it may not be shown which one. */
const some = { email: "people by email", slack: "a Slack channel", webhook: "a webhook", ping: "a check" } as const satisfies Record<ChannelKind, string>;

/** "Tells ops@example.com about failed backups of every database." `to` null: who it is may not be shown. */
export function channelSentence(channel: Omit<Wishes, "databaseIds">, { to, databases }: { to: readonly string[] | null; databases: readonly string[] | null }): string {
  const of = databases === null ? "every database" : list(databases);
  const whom = to ? list(to) : some[channel.kind];
  if (channel.kind === "ping") return `Calls ${whom} after each backup of ${of}, and says whether it was good.`;
  return `Tells ${whom} about ${eventsOf(toldEvents(channel), of)}.`;
}

function eventsOf(events: readonly AlertEvent[], of: string): string {
  if (events.length === 0) return `nothing of ${of}`;
  if (isSame(events, alertEvents)) return `everything that happens to ${of}`;
  const wrong = alertEvents.filter((event) => isAtLeast(eventKinds[event].severity, "warning"));
  if (isSame(events, wrong.filter((event) => eventKinds[event].severity === "critical"))) return `everything critical of ${of}`;
  const nouns = (chosen: readonly AlertEvent[]) => list(chosen.map((event) => eventKinds[event].noun));
  if (!wrong.every((event) => events.includes(event))) return `${nouns(events)} of ${of}`;
  const others = events.filter((event) => !wrong.includes(event));
  return `everything that goes wrong with ${of}${others.length > 0 ? `, and about ${nouns(others)}` : ""}`;
}

function isSame(one: readonly AlertEvent[], other: readonly AlertEvent[]): boolean {
  return one.length === other.length && other.every((event) => one.includes(event));
}

/** "a, b, c and 4 others" */
function list(names: readonly string[]): string {
  const rest = names.length - mostNamed;
  if (rest > 1) return `${names.slice(0, mostNamed).join(", ")} and ${count(rest)} others`;
  return names.length < 2 ? (names[0] ?? "none") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
