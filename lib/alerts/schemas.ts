import { z } from "zod";
import { alertEvents, severities, usualEvents } from "./events";

export const channelKinds = ["email", "slack", "webhook", "ping"] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** `tls` from the first byte, `starttls` or nothing, `none` in the clear. */
export const tlsModes = ["starttls", "tls", "none"] as const;
export type TlsMode = (typeof tlsModes)[number];

/** `given_up` was tried until its time was over; `dropped` is not wanted any more, and says why. */
export const deliveryStates = ["waiting", "sending", "sent", "given_up", "dropped"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** No space, comma or bracket, so that nothing else can be smuggled into a header. */
const Address = z.string().trim().max(200, "Use at most 200 characters.").regex(/^[^\s@<>,;:"\\()[\]]+@[^\s@<>,;:"\\()[\]]+$/, "This is not an email address.");
const Host = z.string().trim().min(1, "Enter the name of the mail server.").max(253).regex(/^[A-Za-z0-9._:-]+$/, "Only the name or the address of the server, without http:// or a port.");

/** Where a message is posted. `https://user:password@…` is refused, because it would stand in logs of proxies. */
const WebAddress = z
  .string()
  .trim()
  .max(2_000, "Use at most 2,000 characters.")
  .superRefine((text, ctx) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) ctx.addIssue({ code: "custom", message: "Enter an address that begins with https:// or http://." });
    else if (url.username || url.password) ctx.addIssue({ code: "custom", message: "Leave the user and the password out of the address." });
  });

/** Left empty: what is set stays. */
const kept = z.literal("").transform(() => null);
const SecretText = (fewest: number) => z.string().min(fewest, `Use at least ${fewest} characters.`).max(500, "Use at most 500 characters.");

const common = {
  /** Null adds a channel. */
  channelId: z.string().nullable().default(null),
  name: z.string().trim().min(1, "Give it a name.").max(60, "Use at most 60 characters."),
  isOn: z.boolean().default(true),
  severity: z.enum(severities).default("info"),
  events: z.array(z.enum(alertEvents)).default([...usualEvents]),
  /** Null: every database, also those that are added later. */
  databaseIds: z.array(z.string()).min(1, "Choose at least one database.").nullable().default(null),
};

export const SaveChannelInput = z
  .discriminatedUnion("kind", [
    z.object({
      ...common,
      kind: z.literal("email"),
      host: Host,
      port: z.number("Write a figure.").int("Write a whole number.").min(1, "From 1 to 65535.").max(65_535, "From 1 to 65535."),
      tls: z.enum(tlsModes),
      user: z.string().trim().max(200, "Use at most 200 characters.").default(""),
      password: kept.or(SecretText(1)).nullable().default(null),
      from: Address,
      to: z.array(Address).min(1, "Enter at least one address.").max(20, "At most 20 addresses."),
    }),
    z.object({ ...common, kind: z.literal("slack"), url: kept.or(WebAddress).nullable().default(null) }),
    z.object({ ...common, kind: z.literal("webhook"), url: kept.or(WebAddress).nullable().default(null), signingSecret: kept.or(SecretText(16)).nullable().default(null) }),
    z.object({ ...common, kind: z.literal("ping"), url: kept.or(WebAddress).nullable().default(null) }),
  ])
  .refine((input) => input.kind === "ping" || input.events.length > 0, { message: "Choose at least one event, or turn the channel off.", path: ["events"] });
export type SaveChannelInput = z.output<typeof SaveChannelInput>;

/** What is no secret of where a channel leads. Of an address on the web only its host: the rest of it often is the secret. */
export const ChannelTarget = z.union([
  z.object({ host: z.string(), port: z.number(), tls: z.enum(tlsModes), user: z.string(), from: z.string(), to: z.array(z.string()) }),
  z.object({ webHost: z.string() }),
]);
export type ChannelTarget = z.output<typeof ChannelTarget>;

/** What is sealed. */
export const ChannelSecret = z.object({ password: z.string().optional(), url: z.string().optional(), signingSecret: z.string().optional() });
export type ChannelSecret = z.output<typeof ChannelSecret>;

/** The words of an alert. Times in them are absolute and name their zone. */
export const AlertMessage = z.object({
  /** State and database first. */
  subject: z.string(),
  happened: z.string(),
  /** What it means for the data. */
  meaning: z.string(),
  todo: z.string(),
  /** Where in Holdfast to look, from its first slash. */
  path: z.string(),
});
export type AlertMessage = z.output<typeof AlertMessage>;

const Hours = z.number("Write a figure.").int("Write a whole number.").min(0, "At least 0.").max(24 * 90, "At most 90 days.");

export const AlertSettings = z.object({
  /** "Nothing succeeded for so many hours"; 0 never says so. */
  nothingHours: Hours.default(25),
  /** By database, where it is another figure. */
  ownHours: z.record(z.string(), Hours).default({}),
  /** What still holds is told again after so many hours; 0 never. */
  repeatHours: Hours.default(24),
});
export type AlertSettings = z.output<typeof AlertSettings>;

export const ChannelIdInput = z.object({ channelId: z.string() });
export const DeliveryIdInput = z.object({ deliveryId: z.string() });

/** What a test brought: the receiver's own words. `isPartly`: not everybody has it, but some do. */
export const TestAnswer = z.object({ isSent: z.boolean(), isPartly: z.boolean(), answer: z.string(), tookMs: z.number() });
export type TestAnswer = z.output<typeof TestAnswer>;
