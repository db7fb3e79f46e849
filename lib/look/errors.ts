import { defineErrors } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";

export const lookErrors = defineErrors("look", {
  not_found: { kind: "not_found", message: (_: object) => "There is no such look." },
  not_open: {
    kind: "precondition",
    message: (_: object) => "This look is closed. Its throwaway server is gone.",
    hint: () => "Open the backup again to look further.",
  },
  too_many: {
    kind: "conflict",
    message: (d: { open: number }) => `${d.open} backups are open already.`,
    hint: () => "Close one of them first: each is a server of its own on this machine.",
  },
  too_little_space: {
    kind: "precondition",
    message: (d: { freeBytes: number; neededBytes: number }) => `The disk of Docker's data has ${bytes(d.freeBytes)} free, and opening the backup would have left less than the reserve of ${bytes(d.neededBytes)} that running databases need. It was given up.`,
    hint: () => "Free space on that disk, or look inside a smaller backup.",
  },
  one_statement: {
    kind: "invalid",
    message: (_: object) => "Ask one SQL statement at a time, without commands of psql.",
  },
  query_failed: {
    kind: "invalid",
    message: (_: { stderr: string }) => "PostgreSQL could not answer this query.",
    hint: () => "Its own words are below.",
  },
  too_slow: {
    kind: "unavailable",
    message: (d: { seconds: number }) => `The query took longer than ${d.seconds} s and was stopped.`,
    hint: () => "Ask for less, or narrow it with a condition.",
  },
  server_gone: {
    kind: "unavailable",
    message: (_: { stderr: string }) => "The throwaway server ended while it was asked.",
    hint: () => "It may have run out of memory. Open the backup again; the backup itself is unchanged.",
  },
});
