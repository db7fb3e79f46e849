import { z } from "zod";
import { alertEvents, severities, usualEvents } from "@/lib/alerts/events";
import { AlertSettings, tlsModes } from "@/lib/alerts/schemas";
import { Duration } from "./units";

/** A secret stands in the environment or in a file of its own; this file is kept where many can read it. */
const Secret = z
  .string()
  .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, "Write ${NAME} of a variable in the worker's environment, or name a file. A secret does not belong here.")
  .optional()
  .describe("${NAME} of a variable in the worker's environment.");
const SecretFile = z.string().regex(/^\/[^\0]*$/, "Write the whole path, starting with /.").optional().describe("A file where the worker runs; its first line is the secret.");

const common = {
  on: z.boolean().default(true),
  severity: z.enum(severities).default("info").describe("The least that is told."),
  events: z.array(z.enum(alertEvents)).default([...usualEvents]),
  databases: z.array(z.string().min(1)).min(1, "Name at least one database.").optional().describe("By name. Left out: every database, also those that are added later."),
};
const web = { url: Secret, urlFile: SecretFile };

/** Somebody who is told. What is left to the channel itself is checked when the file is applied. */
export const ConfigChannel = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("email"), ...common, host: z.string().min(1), port: z.number().int().min(1).max(65_535).default(587), tls: z.enum(tlsModes).default("starttls"), user: z.string().default(""), password: Secret, passwordFile: SecretFile, from: z.string().min(1), to: z.array(z.string().min(1)).min(1).max(20) }),
  z.strictObject({ kind: z.literal("slack"), ...common, ...web }),
  z.strictObject({ kind: z.literal("webhook"), ...common, ...web, signingSecret: Secret, signingSecretFile: SecretFile }),
  // A ping says whether the last backup was good, and nothing else.
  z.strictObject({ kind: z.literal("ping"), on: common.on, databases: common.databases, ...web }),
]);
export type ConfigChannel = z.output<typeof ConfigChannel>;

const Hours = Duration.refine((seconds) => seconds % 3_600 === 0, "Write whole hours.").transform((seconds) => seconds / 3_600);
const { nothingHours, repeatHours } = AlertSettings.shape;

/** When people are told. */
export const ConfigNotifications = z.strictObject({
  nothingAfter: Hours.pipe(nothingHours.unwrap()).prefault("25h").describe("Nothing succeeded for so long; 0h never says so."),
  own: z.record(z.string().min(1), Hours.pipe(nothingHours.unwrap())).default({}).describe("The same by the name of a database, where it is another time."),
  repeatAfter: Hours.pipe(repeatHours.unwrap()).prefault("24h").describe("What still holds is told again after so long; 0h never."),
});
export type ConfigNotifications = z.output<typeof ConfigNotifications>;
