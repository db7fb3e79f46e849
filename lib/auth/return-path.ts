/** Where to go after sign-in: a path on this site and nothing else, so that a crafted link cannot lead away. */
export function returnPath(from: string | null | undefined, fallback = "/"): string {
  // A second slash or a backslash makes browsers read a host; control characters are dropped by them before that.
  if (!from || !/^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(from)) return fallback;
  const { origin, pathname, search } = new URL(from, "http://here.invalid");
  // "/.//elsewhere" becomes "//elsewhere" only now.
  if (origin !== "http://here.invalid" || pathname.startsWith("//")) return fallback;
  if (/^\/(sign-in|setup|api)(\/|$)/.test(pathname)) return fallback;
  return pathname + search;
}
