import { usualEvents, type AlertEvent } from "@/lib/alerts/events";
import { SaveChannelInput, type ChannelKind, type ChannelTarget, type TlsMode } from "@/lib/alerts/schemas";
import type { Wishes } from "@/lib/alerts/wants";
import { freeName, type Ledger } from "./ledger";
import type { ImportRow } from "./schemas";

/** A channel that Holdfast has. */
export type PresentChannel = Omit<Wishes, "kind"> & { id: string; name: string; kind: ChannelKind; target: ChannelTarget };

/** What the file says of who is told. Each under the names that such files use. */
const names = {
  to: ["BACKUP_NOTIFY_EMAIL", "BACKUP_NOTIFY_EMAILS", "BACKUP_NOTIFY_EMAIL_TO", "BACKUP_NOTIFY_TO"],
  slack: ["SLACK_WEBHOOK_URL", "BACKUP_NOTIFY_SLACK_WEBHOOK_URL", "BACKUP_NOTIFY_SLACK_WEBHOOK", "BACKUP_NOTIFY_SLACK_URL", "BACKUP_NOTIFY_SLACK"],
  host: ["BACKUP_NOTIFY_SMTP_HOST", "BACKUP_NOTIFY_SMTP_SERVER", "SMTP_HOST", "SMTP_SERVER"],
  port: ["BACKUP_NOTIFY_SMTP_PORT", "SMTP_PORT"],
  user: ["BACKUP_NOTIFY_SMTP_USER", "BACKUP_NOTIFY_SMTP_USERNAME", "SMTP_USER", "SMTP_USERNAME"],
  password: ["BACKUP_NOTIFY_SMTP_PASSWORD", "BACKUP_NOTIFY_SMTP_PASS", "SMTP_PASSWORD", "SMTP_PASS"],
  from: ["BACKUP_NOTIFY_FROM", "BACKUP_NOTIFY_EMAIL_FROM", "SMTP_FROM"],
  enabled: ["BACKUP_NOTIFY_ENABLED", "BACKUP_NOTIFY"],
  onSuccess: ["BACKUP_NOTIFY_ON_SUCCESS", "BACKUP_NOTIFY_SUCCESS"],
  onFailure: ["BACKUP_NOTIFY_ON_FAILURE", "BACKUP_NOTIFY_ON_ERROR", "BACKUP_NOTIFY_FAILURE"],
} as const;
const server = [...names.host, ...names.port, ...names.user, ...names.password, ...names.from];
const flags = [...names.enabled, ...names.onSuccess, ...names.onFailure];

export interface ChannelIntents {
  mail?: SaveChannelInput;
  slack?: SaveChannelInput;
}

/** What becomes of the variables that say who is told. `mailServer`: as a person entered it, `host` or `host:port`; empty leaves it to the file. */
export function decideChannels(ledger: Ledger, channels: readonly PresentChannel[], mailServer: string): { rows: ImportRow[]; intents: ChannelIntents; used: readonly string[] } {
  const { values, shown, impossible } = ledger;
  const first = (all: readonly string[]) => all.map((name) => values[name]).find((value) => value !== undefined);
  const [to, slack] = [first(names.to), first(names.slack)];
  const intents: ChannelIntents = {};
  const rows: ImportRow[] = [];
  if (to !== undefined) rows.push(mailRow(to));
  if (slack !== undefined) rows.push(slackRow(slack));
  const used = [...names.to, ...names.slack, ...(to === undefined ? [] : server), ...(rows.length > 0 ? flags : [])];
  return { rows, intents, used };

  /** The old script sent with `mail`, through whatever mail server its machine has (Backup Procedures, "Automated Alerts"). */
  function mailRow(written: string): ImportRow {
    const wanted = [...new Set(written.split(/[\s,;]+/).filter(Boolean))];
    const there = channels.find(({ kind }) => kind === "email");
    const before = there && "host" in there.target ? there.target : null;
    const to = [...new Set([...(before?.to ?? []), ...wanted])];
    const by = before ?? { ...serverOf(mailServer, first), user: first(names.user) ?? "", from: first(names.from) ?? wanted[0] ?? "" };
    const password = before ? null : (first(names.password) ?? null);
    const wishes = wishesOf(there);
    const channel = SaveChannelInput.safeParse({ kind: "email", channelId: there?.id ?? null, name: there?.name ?? freeName("Mail", channels), ...by, to, password, ...wishes });
    const variables = [...names.to, ...server, ...flags];
    if (!channel.success) return impossible("mail", variables, `${channel.error.issues.some(({ path: [field] }) => field === "to") || wanted.length === 0 ? "It holds no list of email addresses." : `The mail server in it cannot be used: ${channel.error.issues[0]?.message ?? ""}`} Set it up under Settings, Notifications.`);
    const row = { id: "mail", variables: shown(...variables), becomes: words(`Mail to ${to.join(", ")} through ${by.host} port ${by.port}`, wishes), present: there && before ? words(`Mail to ${before.to.join(", ")} through ${before.host} port ${before.port}`, there) : null, needsDatabase: false };
    if (row.becomes === row.present) return { ...row, verdict: "same", why: `It is so already, by the channel ${there?.name ?? ""}.` };
    intents.mail = channel.data;
    if (there) return { ...row, verdict: "change", why: `Added to the channel ${there.name}; its mail server stays as it is.` };
    const isLocal = by.host === "localhost";
    const how = isLocal ? "Through the mail server of this machine, as the script's mail command did. In a container there is none: enter yours above." : "Its password is asked for under Settings, Notifications, where it needs one.";
    return { ...row, verdict: "change", why: `${password ? "Its password is kept sealed and shown nowhere." : how} Send a test under Settings, Notifications.` };
  }

  function slackRow(written: string): ImportRow {
    const there = channels.find(({ kind }) => kind === "slack");
    const wishes = wishesOf(undefined);
    const channel = SaveChannelInput.safeParse({ kind: "slack", name: freeName("Slack", channels), url: written.trim(), ...wishes });
    const variables = [...names.slack, ...flags];
    if (!channel.success || written.trim() === "") return impossible("slack", variables, "It holds no web address. Set it up under Settings, Notifications.");
    const row = { id: "slack", variables: shown(...variables), becomes: words("Messages to Slack", wishes), needsDatabase: false };
    if (there) return { ...row, present: there.name, verdict: "impossible", why: `Messages go to Slack already, by the channel ${there.name}. Change its address and what it tells there, under Settings, Notifications.` };
    intents.slack = channel.data;
    return { ...row, present: null, verdict: "change", why: "The address is kept sealed and shown nowhere. Send a test under Settings, Notifications." };
  }

  /** What is told: as the file says, and where it says nothing as it is, or as of a new channel. */
  function wishesOf(there: PresentChannel | undefined): Pick<Wishes, "isOn" | "severity" | "events" | "databaseIds"> {
    const [enabled, onSuccess, onFailure] = [names.enabled, names.onSuccess, names.onFailure].map((all) => flagOf(first(all)));
    const { isOn = true, severity = "info", events = usualEvents, databaseIds = null } = there ?? {};
    const change = (list: readonly AlertEvent[], event: AlertEvent, flag: boolean | null | undefined) => (flag === null || flag === undefined ? list : flag ? [...new Set([...list, event])] : list.filter((one) => one !== event));
    return { isOn: enabled ?? isOn, severity: onSuccess ? "info" : severity, events: [...change(change(events, "backup_succeeded", onSuccess), "backup_failed", onFailure)], databaseIds };
  }
}

/** `yes`, `1` and their like; null for what is neither yes nor no. */
function flagOf(value: string | undefined): boolean | null {
  const word = value?.trim().toLowerCase() ?? "";
  return ["true", "yes", "1", "on", "y"].includes(word) ? true : ["false", "no", "0", "off", "n"].includes(word) ? false : null;
}

const usualPort = 25;
const here: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);
const tlsOf: Readonly<Record<number, TlsMode>> = { 465: "tls", 587: "starttls" };

function serverOf(entered: string, first: (all: readonly string[]) => string | undefined): { host: string; port: number; tls: TlsMode } {
  const [, host = "", port] = /^(.*?)(?::(\d+))?$/.exec(entered || `${first(names.host) ?? "localhost"}:${first(names.port) ?? usualPort}`) ?? [];
  const number = Number(port ?? usualPort);
  // A password does not leave this machine in the clear.
  const usual = first(names.user) !== undefined && !here.has(host) ? "starttls" : "none";
  return { host, port: number, tls: tlsOf[number] ?? usual };
}

function words(what: string, { isOn, events }: Pick<Wishes, "isOn" | "events">): string {
  const also = [...(events.includes("backup_succeeded") ? ["also when a backup succeeds"] : []), ...(events.includes("backup_failed") ? [] : ["not when a backup fails"]), ...(isOn ? [] : ["turned off"])];
  return [what, ...also].join("; ");
}
