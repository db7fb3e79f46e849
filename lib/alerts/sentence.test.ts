import { expect, it } from "vitest";
import { alertEvents, eventKinds, usualEvents, type AlertEvent } from "./events";
import { channelSentence } from "./sentence";

const wrong = alertEvents.filter((event) => eventKinds[event].severity !== "info");
const say = (events: readonly AlertEvent[], severity: "info" | "warning" | "critical" = "info", databases: string[] | null = null) => channelSentence({ kind: "email", isOn: true, severity, events }, { to: ["ops@example.com"], databases });

it.each([
  [say(["backup_failed"]), "Tells ops@example.com about failed backups of every database."],
  [say(wrong), "Tells ops@example.com about everything that goes wrong with every database."],
  [say(alertEvents, "critical"), "Tells ops@example.com about everything critical of every database."],
  [say(alertEvents), "Tells ops@example.com about everything that happens to every database."],
  [say(["backup_failed", "backup_missed", "drill_failed", "store_filling", "worker_silent"]), "Tells ops@example.com about failed backups, missed backups, failed drills and 2 others of every database."],
  [say(["backup_failed"], "info", ["orders", "billing"]), "Tells ops@example.com about failed backups of orders and billing."],
  [say(usualEvents), "Tells ops@example.com about everything that goes wrong with every database, and about started restores, finished restores and undone restores."],
  [channelSentence({ kind: "ping", isOn: true, severity: "info", events: [] }, { to: ["hc.example"], databases: ["orders"] }), "Calls hc.example after each backup of orders, and says whether it was good."],
  [channelSentence({ kind: "webhook", isOn: true, severity: "info", events: ["backup_failed"] }, { to: null, databases: null }), "Tells a webhook about failed backups of every database."],
])("%s", (sentence, expected) => expect(sentence).toBe(expected));
