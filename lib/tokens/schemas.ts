import { z } from "zod";

/** What a token may do, the least first. None of them holds another: `backup` alone cannot list backups. */
export const scopes = ["metrics", "health", "read", "backup", "drill", "download", "restore", "manage"] as const;
export type Scope = (typeof scopes)[number];

/** A token lives this long at most: one that nobody renews is one that nobody remembers. */
export const longestDays = 365;

/** What is offered for its life, in days. */
export const lifePresets = [30, 90, 180, 365] as const;

export const CreateTokenInput = z.object({
  name: z.string().trim().min(1, "Give the token a name.").max(60, "Use at most 60 characters."),
  scopes: z.array(z.enum(scopes)).min(1, "Choose what it may do.").transform((chosen) => scopes.filter((scope) => chosen.includes(scope))),
  /** Days from now. */
  days: z.number("Write a number of days.").int("Write whole days.").min(1, "At least a day.").max(longestDays, `At most ${longestDays} days.`),
  /** The only databases it reaches; null: all, also those that are added later. */
  databaseIds: z.array(z.string()).min(1, "Choose at least one database.").nullable().default(null),
});
export type CreateTokenInput = z.output<typeof CreateTokenInput>;

export const TokenIdInput = z.object({ tokenId: z.string() });

/** How the columns hold them. */
export const ScopesColumn = z.array(z.enum(scopes));
export const DatabaseIdsColumn = z.array(z.string());
