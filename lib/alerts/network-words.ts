import { getSystemErrorName } from "node:util";

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "The connection was refused. Is the server running, and is this its port?",
  ECONNRESET: "The connection was closed by the other side.",
  EPIPE: "The connection was closed by the other side.",
  UND_ERR_SOCKET: "The connection was closed by the other side.",
  ECONNECTION: "The connection was closed by the other side.",
  ENOTFOUND: "No server of this name is known.",
  EAI_AGAIN: "The name of the server could not be looked up.",
  EDNS: "The name of the server could not be looked up.",
  EHOSTUNREACH: "The server cannot be reached from here.",
  ENETUNREACH: "The server cannot be reached from here.",
  ETIMEDOUT: "The server did not answer in time.",
  UND_ERR_CONNECT_TIMEOUT: "The server did not answer in time.",
  UND_ERR_HEADERS_TIMEOUT: "The server did not answer in time.",
  EPROTO: "No secure connection came about. Does the server speak TLS on this port?",
  ETLS: "No secure connection came about. Does the server offer STARTTLS on this port?",
};

/** Why a connection came to nothing, in words; codes decide, never texts. */
export function networkWords(error: unknown): string {
  const codes = [...codesOf(error)];
  for (const code of codes) {
    const known = words[code];
    if (known) return known;
    if (isAboutCertificate(code)) return `Its certificate is not trusted (${code}).`;
    if (code.startsWith("ERR_SSL")) return "No secure connection came about. Does the server speak TLS on this port?";
  }
  // A library that keeps no code still has words of its own.
  return error instanceof Error && error.message ? `The connection failed: ${error.message}.` : "The connection failed.";
}

/** The innermost cause knows best. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code, errno } = error as NodeJS.ErrnoException;
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...codesOf(error.cause), ...inner, ...(typeof errno === "number" && errno < 0 ? [getSystemErrorName(errno)] : []), ...(typeof code === "string" ? [code] : [])];
}

function isAboutCertificate(code: string): boolean {
  return code.includes("CERT") || code.includes("SELF_SIGNED") || code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE" || code === "UNABLE_TO_GET_ISSUER_CERT_LOCALLY";
}
