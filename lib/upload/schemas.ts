import { z } from "zod";

/** What the address of an upload says; the body is the file itself. */
export const UploadInput = z.object({
  storeId: z.string().min(1, "Choose a store."),
  /** As it is called where it comes from. */
  name: z.string().min(1, "Name the file.").max(500),
  /** When it was last changed there, in milliseconds: how old the data in it is at least. */
  modifiedAt: z.coerce.number().int().nonnegative().nullable().default(null),
});
export type UploadInput = z.output<typeof UploadInput>;

export const PrepareUploadInput = UploadInput.extend({ sizeBytes: z.number().int().nonnegative() });
export type PrepareUploadInput = z.output<typeof PrepareUploadInput>;

/** What a finished upload answers. */
export const Uploaded = z.object({ backupId: z.string(), key: z.string(), sizeBytes: z.number(), sha256: z.string() });
export type Uploaded = z.output<typeof Uploaded>;
