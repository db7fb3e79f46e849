import { bytes } from "@/lib/format/bytes";
import { defineErrors } from "@/lib/errors";

const nothing = "Nothing was stored.";

export const uploadErrors = defineErrors("upload", {
  other_origin: {
    kind: "forbidden",
    message: (_: object) => `This file was sent from another site, so it was refused. ${nothing}`,
    hint: () => "Use the page of this Holdfast. Behind a proxy, let it pass the Host header on.",
  },
  unknown_kind: {
    kind: "invalid",
    message: (d: { name: string }) => `${d.name} is not a kind of file that Holdfast takes. ${nothing}`,
    hint: () => "It takes .sql, .sql.gz, .dump, .dump.zst and .tar, as pg_dump writes them.",
  },
  other_kind: {
    kind: "invalid",
    message: (d: { name: string; found: string }) => `${d.name} is ${d.found}, which is not what its name says. ${nothing}`,
    hint: () => "Give it the ending of what it is, and upload it again.",
  },
  name_taken: {
    kind: "conflict",
    message: (d: { key: string; store: string }) => `There is a file named ${d.key} in ${d.store} already. It was not touched, and nothing was stored.`,
    hint: () => "If it is another one, rename it and upload it again.",
  },
  cut_short: {
    kind: "invalid",
    message: (d: { received: number; expected: number }) => `Only ${bytes(d.received)} of ${bytes(d.expected)} came. ${nothing}`,
    hint: () => "Upload it again.",
  },
  empty: { kind: "invalid", message: (d: { name: string }) => `${d.name} is empty. ${nothing}` },
  no_room: {
    kind: "precondition",
    message: (d: { store: string; freeBytes: number; neededBytes: number }) => `${d.store} has ${bytes(d.freeBytes)} free; this file has ${bytes(d.neededBytes)}. ${nothing}`,
    hint: () => "Free space there, or choose a store on a larger disk.",
  },
});
