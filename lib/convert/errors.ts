import { bytes } from "@/lib/format/bytes";
import { defineErrors } from "@/lib/errors";

const untouched = "Nothing was stored, and no live server was touched.";

export const convertErrors = defineErrors("convert", {
  not_foreign: {
    kind: "precondition",
    message: (_: object) => "This backup was made by Holdfast. It can be restored as it is.",
  },
  no_image: {
    kind: "precondition",
    message: (_: object) => "No registered database says which image could load this file.",
    hint: () => "Add the database it belongs to under Settings, Databases, and test it once: its image has the extensions that the file needs.",
  },
  which_part: {
    kind: "precondition",
    message: (d: { names: string[] }) => `The file holds several databases: ${d.names.join(", ")}.`,
    hint: () => "Choose which of them to convert.",
  },
  no_part: {
    kind: "not_found",
    message: (d: { name: string }) => `The file holds no database named ${d.name}.`,
  },
  missing_extensions: {
    kind: "precondition",
    message: (d: { image: string; extensions: string[] }) => `${d.image} does not have what the file asks for: ${d.extensions.join(", ")}. ${untouched}`,
    hint: () => "Choose a database whose image carries these extensions.",
  },
  unreadable: {
    kind: "integrity",
    message: (_: { stderr: string }) => `pg_restore could not read this archive to its end. ${untouched}`,
    hint: () => "Its own words are below. An archive of a newer pg_dump needs a newer image: choose a database on a newer server.",
  },
  load_failed: {
    kind: "precondition",
    message: (_: { stderr: string }) => `PostgreSQL refused a statement of the file, so it was not converted. ${untouched}`,
    hint: () => "Its own words are below. A file is loaded without the rights of a superuser; what needs them cannot come out of it.",
  },
  load_killed: {
    kind: "unavailable",
    message: (_: { stderr: string }) => `Loading stopped because the throwaway server ran out of memory or was ended. ${untouched}`,
    hint: () => "Look at the machine's memory, then start it again.",
  },
  no_space: {
    kind: "unavailable",
    message: (d: { freeBytes: number }) => `The disk of Docker's data has only ${bytes(d.freeBytes)} left. It ran low while the file was loaded, so it was stopped and everything removed. ${untouched}`,
    hint: () => "Free space there. A file that grows without end is also a reason.",
  },
  not_locked: {
    kind: "internal",
    message: (_: object) => `The throwaway server could not be closed to its superuser, so the file was not loaded. ${untouched}`,
  },
});
