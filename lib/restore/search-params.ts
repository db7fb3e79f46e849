import { z } from "zod";
import { choice, href, pageNumber, text } from "@/lib/url/query";
import { MissingRole, RestoreChoices, type RestoreRequest, restoreMethods } from "./schemas";

/** The steps of the wizard, each a page with an address. */
export const wizardSteps = ["From", "What", "To", "Review", "Confirm"] as const;

/** Which databases are offered, and whose backups are listed. */
export const FromParams = z.object({
  q: text(200),
  /** A database's id, or `file:<name>` for backups that belong to none. */
  of: text(200),
  page: pageNumber,
});
export type FromParams = z.output<typeof FromParams>;

export function fromHref(params: FromParams, change: Partial<FromParams> = {}): string {
  return href("/restore", { ...params, page: 1, ...change }, { page: 1 });
}

const yesNo = ["yes", "no"] as const;

/**
 * Everything a person decided so far. Every step after the first carries all of it, so that any of them can be reloaded, shared,
 * and gone back to. The review adds what it shows: which plan, and which part of its tables.
 */
export const WizardParams = z.object({
  backup: text(100),
  /** The registered database it goes to; null: the one it was taken of. */
  to: text(100),
  method: choice(restoreMethods).transform((method) => method ?? "swap"),
  name: text(63),
  keep: z.preprocess((value) => (value === "" ? undefined : value), z.coerce.number().int().min(1).max(24 * 90).default(24)).catch(24),
  undo: choice(yesNo).transform((value) => value === "yes"),
  safety: choice(yesNo).transform((value) => value !== "no"),
  roles: text(20_000).transform(readRoles),
  /** The run that answered, and the one whose plan was shown before. */
  plan: runNumber(),
  was: runNumber(),
  q: text(200),
  page: pageNumber,
});
export type WizardParams = z.output<typeof WizardParams>;

export type WizardPage = "what" | "to" | "review";

/** A step of the wizard with some of its address changed. What was planned for other choices is left behind. */
export function wizardHref(step: WizardPage, params: WizardParams, change: Partial<WizardParams> = {}): string {
  const all = { ...params, ...change };
  const shown = step === "review" ? { plan: all.plan, was: all.was, q: all.q, page: all.page } : {};
  return href(`/restore/${step}`, { ...written(all), ...shown }, { method: "swap", keep: 24, page: 1 });
}

/** The review without a plan: it asks for one. `was` is the plan that it is compared with. */
export function replanHref(params: WizardParams, change: Partial<WizardParams> = {}): string {
  return wizardHref("review", params, { plan: null, was: null, q: null, page: 1, ...change });
}

function written({ backup, to, method, name, keep, undo, safety, roles }: WizardParams): Record<string, string | number | null> {
  return { backup, to, method, name: method === "beside" ? name : null, keep, undo: undo ? "yes" : null, safety: safety ? null : "no", roles: writeRoles(roles) };
}

/** The request that the choices make; null while they are not all there, or contradict the schema. */
export function requestOf(params: WizardParams, databaseId: string | null): RestoreRequest | null {
  if (params.backup === null || databaseId === null) return null;
  const choices = RestoreChoices.safeParse({
    method: params.method,
    newName: params.method === "beside" ? params.name : null,
    missingRoles: params.roles,
    keepHours: params.keep,
    undoIfUnhealthy: params.method === "swap" && params.undo,
    safetyBackup: params.safety,
  });
  if (!choices.success || (params.method === "beside" && params.name === null)) return null;
  return { backupId: params.backup, databaseId, choices: choices.data };
}

/** `create:reporting,map:old%3Aapp:bimcalc`: by role what is done, names written as in an address because they may hold anything. */
function readRoles(value: string | null): Record<string, MissingRole> {
  const pairs = (value ?? "").split(",").flatMap((part) => {
    const [what, role, to] = part.split(":").map(decoded);
    const choice = MissingRole.safeParse(what === "map" ? { do: what, to } : { do: what });
    return role && choice.success ? [[role, choice.data] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function writeRoles(roles: Record<string, MissingRole>): string | null {
  const parts = Object.entries(roles)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([role, choice]) => [choice.do, role, ...(choice.do === "map" ? [choice.to] : [])].map(encodeURIComponent).join(":"));
  return parts.length > 0 ? parts.join(",") : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** A run's number, or null for what is none. */
function runNumber() {
  return z.preprocess((value) => (value === undefined || value === "" ? null : value), z.coerce.number().int().positive().max(2 ** 31).nullable()).catch(null);
}
