/** Whether any of these cookie names is a session's. Over https next-auth adds a prefix, and it splits long ones into parts. */
export function hasSessionCookie(names: readonly string[]): boolean {
  return names.some((name) => /^(__Secure-)?authjs\.session-token(\.\d+)?$/.test(name));
}
