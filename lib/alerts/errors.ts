import { defineErrors } from "@/lib/errors";

export const alertErrors = defineErrors("alert", {
  channel_not_found: {
    kind: "not_found",
    message: (_: object) => "This channel is not there any more.",
    hint: () => "Somebody may have removed it. Reload the page.",
  },
  name_taken: {
    kind: "conflict",
    message: (d: { name: string }) => `Another channel is called ${d.name} already.`,
  },
  kind_fixed: {
    kind: "conflict",
    message: (_: object) => "A channel keeps its kind. Nothing was changed.",
    hint: () => "Add another channel, and remove this one.",
  },
  address_missing: {
    kind: "invalid",
    message: (_: object) => "Enter the address.",
  },
  signing_missing: {
    kind: "invalid",
    message: (_: object) => "Enter a secret to sign with, of at least 16 characters.",
  },
  password_missing: {
    kind: "invalid",
    message: (d: { moved: boolean }) => (d.moved ? "The server or the user is another one: enter the password again. The one that is set is not sent elsewhere." : "Enter the password of the user."),
  },
  unknown_database: {
    kind: "invalid",
    message: (_: object) => "One of the databases is not there any more. Nothing was changed.",
    hint: () => "Reload the page and choose again.",
  },
  no_key: {
    kind: "precondition",
    message: (_: object) => "AUTH_SECRET is not set, so secrets can be neither kept nor read. Nothing was sent.",
    hint: () => "Start Holdfast with npm start or docker compose, which see to it, or set AUTH_SECRET for web and worker.",
  },
  secret_unreadable: {
    kind: "precondition",
    message: (d: { name: string }) => `The secrets of ${d.name} were sealed under another AUTH_SECRET. Nothing was sent; what waits stays.`,
    hint: () => "Start web and worker with the AUTH_SECRET from before, or enter the secrets again under Settings, Notifications.",
  },
  delivery_settled: {
    kind: "conflict",
    message: (_: object) => "This message has arrived, or is on its way. Nothing was changed.",
    hint: () => "Reload the page to see its state.",
  },
});
