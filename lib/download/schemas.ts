import { z } from "zod";

/** What can be downloaded of a backup: the file, its roles, its description. */
export const downloadParts = ["backup", "roles", "sidecar"] as const;
export type DownloadPart = (typeof downloadParts)[number];

export const DownloadInput = z.object({ id: z.string(), part: z.enum(downloadParts).default("backup") });
export type DownloadInput = z.output<typeof DownloadInput>;
