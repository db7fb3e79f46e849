import { defineErrors } from "@/lib/errors";

export const userErrors = defineErrors("user", {
  not_found: {
    kind: "not_found",
    message: (_: { userId: string }) => "There is no such user.",
    hint: () => "Reload the page: someone else may have changed the list.",
  },
  email_taken: {
    kind: "conflict",
    message: (d: { email: string }) => `${d.email} has an account already.`,
    hint: () => "Change its role or enable it instead.",
  },
  last_admin: {
    kind: "conflict",
    message: (d: { name: string }) => `${d.name} is the only admin who can sign in, so this would lock everyone out of the settings. Nothing was changed.`,
    hint: () => "Make someone else an admin first.",
  },
  not_granted: {
    kind: "conflict",
    message: (d: { name: string; role: string }) => (d.role === "admin" ? `${d.name} is an admin and may restore anyway.` : `${d.name} is a ${d.role}, and only operators can be given the permission to restore.`),
    hint: () => "Make them an operator first.",
  },
  own_account: {
    kind: "conflict",
    message: (_: object) => "You cannot do this to your own account.",
    hint: () => "Ask another admin, or change your password under Settings, Account.",
  },
  wrong_password: {
    kind: "invalid",
    message: (_: object) => "This is not your present password. Nothing was changed.",
  },
  session_not_found: {
    kind: "not_found",
    message: (_: { sessionId: string }) => "This session is over already.",
  },
  no_account: {
    kind: "precondition",
    message: (_: object) => "Only a person who is signed in can do this.",
  },
});
