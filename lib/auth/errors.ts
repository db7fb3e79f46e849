import { span } from "@/lib/format/durations";
import { defineErrors } from "@/lib/errors";

export const authErrors = defineErrors("auth", {
  signed_out: {
    kind: "unauthenticated",
    message: (_: object) => "You are signed out.",
    hint: () => "Sign in again. Nothing was changed.",
  },
  forbidden: {
    kind: "forbidden",
    message: (d: { role: string; needed: string }) => `Your role is ${d.role}; this needs ${d.needed}.`,
    hint: () => "An admin can change your role under Settings, Users. The attempt was written to the audit log.",
  },
  may_not_restore: {
    kind: "forbidden",
    message: (_: object) => "You may not restore. Operators need to be given that permission.",
    hint: () => "An admin can give it under Settings, Users. The attempt was written to the audit log.",
  },
  wrong_credentials: {
    kind: "unauthenticated",
    message: (_: object) => "This email and password do not fit together.",
  },
  locked: {
    kind: "unauthenticated",
    message: (d: { retryInMs: number }) => `Too many failed sign-ins. Try again in ${span(Math.ceil(d.retryInMs / 1_000))}.`,
    hint: () => "Until then even the right password is refused. Each further failure doubles the time.",
  },
  setup_done: {
    kind: "conflict",
    message: (_: object) => "This Holdfast has an administrator already.",
    hint: () => "Sign in, or ask an admin to add you.",
  },
  wrong_token: {
    kind: "forbidden",
    message: (_: object) => "This is not the setup token of this Holdfast.",
    hint: () => "It is printed in the log when Holdfast starts without an administrator.",
  },
});
