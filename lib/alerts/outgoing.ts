import { z } from "zod";
import { alertEvents, phases, severities } from "./events";
import { AlertMessage } from "./schemas";

/** A message as it goes out; `id` is the same in every attempt. */
export const Outgoing = z.object({
  /** Of the message: one for each channel. */
  id: z.string(),
  /** Of the event: the same on every channel. */
  eventId: z.string(),
  event: z.enum([...alertEvents, "test"]),
  phase: z.enum(phases),
  severity: z.enum(severities),
  at: z.date(),
  database: z.object({ id: z.string(), name: z.string() }).nullable(),
  runId: z.number().nullable(),
  backupId: z.string().nullable(),
  message: AlertMessage,
});
export type Outgoing = z.output<typeof Outgoing>;

/** Where a message comes from. `baseUrl` null: nobody has said under which address people reach Holdfast. */
export interface Sender {
  installation: string;
  baseUrl: string | null;
}

/** Who of a mail's recipients has it, and for whom the server refused it for good. The others are still to be tried. */
export const Recipients = z.object({ arrived: z.array(z.string()), refused: z.array(z.object({ address: z.string(), answer: z.string() })) });
export type Recipients = z.output<typeof Recipients>;
export const nobodyYet: Recipients = { arrived: [], refused: [] };

/** `channel`: the next message would meet the same. `message`: only this one was refused; `isFinal`: trying again would change nothing. */
export type SendResult =
  | { isSent: true; answer: string }
  | { isSent: false; speaksOf: "channel"; answer: string }
  | { isSent: false; speaksOf: "message"; answer: string; isFinal?: boolean; recipients?: Recipients };

/** What a webhook receives. Described in docs/alerts.md; members are added, never renamed. */
export const WebhookBody = z.object({
  schema: z.literal("holdfast.alert.v1"),
  id: z.string(),
  event: z.string(),
  phase: z.enum(phases),
  severity: z.enum(severities),
  at: z.string(),
  installation: z.string(),
  database: z.object({ id: z.string(), name: z.string() }).nullable(),
  runId: z.number().nullable(),
  backupId: z.string().nullable(),
  subject: z.string(),
  happened: z.string(),
  meaning: z.string(),
  todo: z.string(),
  url: z.string().nullable(),
});
export type WebhookBody = z.output<typeof WebhookBody>;
