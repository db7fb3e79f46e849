import { eventKinds, isAtLeast, pingEvents, type AlertEvent, type Severity } from "./events";
import type { ChannelKind } from "./schemas";

export interface Wishes {
  kind: ChannelKind;
  isOn: boolean;
  severity: Severity;
  events: readonly AlertEvent[];
  databaseIds: readonly string[] | null;
}

/** Whether a channel is told. What concerns no single database, such as the worker, concerns all of them. */
export function wants(channel: Wishes, about: { event: AlertEvent; databaseId: string | null }): boolean {
  if (!channel.isOn || !toldEvents(channel).includes(about.event)) return false;
  return channel.databaseIds === null || about.databaseId === null || channel.databaseIds.includes(about.databaseId);
}

/** The events that reach a channel: those chosen, as far as they are severe enough. A ping knows two. */
export function toldEvents({ kind, severity, events }: Pick<Wishes, "kind" | "severity" | "events">): AlertEvent[] {
  return kind === "ping" ? [...pingEvents] : events.filter((event) => isAtLeast(eventKinds[event].severity, severity));
}
