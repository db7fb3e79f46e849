/** `15.18` of `15.18 (Debian 15.18-1.pgdg12+1)`: what a list has room for. */
export function shortVersion(version: string | null): string | null {
  return version?.split(" ", 1)[0] ?? null;
}
