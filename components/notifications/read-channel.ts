import { alertEvents, severities } from "@/lib/alerts/events";
import { tlsModes, type ChannelKind } from "@/lib/alerts/schemas";

/** What a channel's form holds, as its action takes it. The schema says what is wrong with it. */
export function readChannel(kind: ChannelKind, channelId: string | null, data: FormData): Record<string, unknown> {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const base = {
    channelId,
    kind,
    name: text("name"),
    isOn: data.has("isOn"),
    databaseIds: data.get("which") === "some" ? data.getAll("database").map(String) : null,
    ...(kind === "ping" ? {} : { severity: severities.find((one) => one === text("severity")), events: alertEvents.filter((event) => data.getAll("event").includes(event)) }),
  };
  if (kind !== "email") return { ...base, url: text("url"), ...(kind === "webhook" ? { signingSecret: String(data.get("signingSecret") ?? "") } : {}) };
  return {
    ...base,
    host: text("host"),
    port: text("port") === "" ? Number.NaN : Number(text("port")),
    tls: tlsModes.find((one) => one === text("tls")),
    user: text("user"),
    password: String(data.get("password") ?? ""),
    from: text("from"),
    to: text("to").split(/[\s,;]+/).filter(Boolean),
  };
}
