import { span } from "@/lib/format/durations";
import { defineErrors } from "@/lib/errors";

export const tokenErrors = defineErrors("token", {
  missing: {
    kind: "unauthenticated",
    message: (_: object) => "This needs an API token.",
    hint: () => "Send it in a header: Authorization: Bearer hf_… An admin makes one under Settings, API tokens.",
  },
  unknown: {
    kind: "unauthenticated",
    message: (_: object) => "This is not a token of this Holdfast.",
    hint: () => "Check that all of it was copied. Five wrong ones in a row lock the address they come from.",
  },
  expired: {
    kind: "unauthenticated",
    message: (d: { name: string; at: string }) => `The token ${d.name} expired on ${d.at}.`,
    hint: () => "An admin makes a new one under Settings, API tokens.",
  },
  revoked: {
    kind: "unauthenticated",
    message: (d: { name: string }) => `The token ${d.name} was revoked.`,
    hint: () => "An admin makes a new one under Settings, API tokens.",
  },
  maker_gone: {
    kind: "unauthenticated",
    message: (d: { name: string; maker: string }) => `The token ${d.name} was made by ${d.maker}, whose account is disabled, so it does not count any more.`,
    hint: () => "An admin makes a new one under Settings, API tokens.",
  },
  locked: {
    kind: "unauthenticated",
    message: (d: { retryInMs: number }) => `Too many wrong tokens came from this address. Try again in ${span(Math.ceil(d.retryInMs / 1_000))}.`,
    hint: () => "Until then a right token is refused too. Each further wrong one doubles the time.",
  },
  scope: {
    kind: "forbidden",
    message: (d: { name: string; scope: string }) => `The token ${d.name} lacks the scope ${d.scope}.`,
    hint: () => "The attempt was written to the audit log. An admin can make a token that has it.",
  },
  beyond_maker: {
    kind: "forbidden",
    message: (d: { scopes: readonly string[] }) => `You may not do this yourself, so no token of yours may: ${d.scopes.join(", ")}. Nothing was made.`,
    hint: () => "An admin can make this token, or give you the permission first.",
  },
  name_taken: {
    kind: "conflict",
    message: (d: { name: string }) => `There is a token named ${d.name} that still works.`,
    hint: () => "Its name stands in the audit log for whoever uses it, so two cannot share one. Choose another, or revoke that one first.",
  },
  not_found: {
    kind: "not_found",
    message: (_: object) => "There is no such token, or it was revoked already.",
  },
});
