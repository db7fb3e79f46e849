/**
 * Names a download: in ASCII for old clients, and in full as RFC 5987 has it. Header values hold one byte per character,
 * so the full name cannot stand there as it is.
 */
export function attachment(fileName: string): string {
  const ascii = fileName.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\x20-\x7e]|["\\%]/gu, "_");
  const encoded = encodeURIComponent(Buffer.from(fileName).toString()).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
