/** `"we""ird"` → `we"ird`; a name without quotes is itself. Names are only ever quoted by the server. */
export function unquoteIdentifier(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1).replaceAll('""', '"') : text;
}
