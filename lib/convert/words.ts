import type { FindingKind } from "./schemas";

/** What each finding would do on a server with all rights, and what becomes of it here. */
export const findingWords = {
  shell: { title: "Runs a program", meaning: "A command of psql that starts a program where psql runs. It is left out." },
  psql: { title: "A command of psql", meaning: "pg_dump writes none like it. It is left out." },
  connect: { title: "Changes the database", meaning: "Common in dumps of a whole server. Only the part that you choose is loaded." },
  program: { title: "COPY with a program", meaning: "Starts a program on the server. Without a superuser's rights PostgreSQL refuses it." },
  server_file: { title: "Reads or writes files of the server", meaning: "Without a superuser's rights PostgreSQL refuses it." },
  subscription: { title: "A subscription", meaning: "Fetches data from another server. It is left out." },
  event_trigger: { title: "An event trigger", meaning: "Needs a superuser. It is left out." },
  untrusted_code: { title: "Code in an untrusted language", meaning: "Runs outside of the database's own bounds. PostgreSQL refuses it here." },
  superuser: { title: "Asks for a superuser", meaning: "Changes the server itself. It is left out or refused." },
  other_server: { title: "Reaches for another server", meaning: "There is no network where the file is loaded." },
} as const satisfies Record<FindingKind, { title: string; meaning: string }>;
