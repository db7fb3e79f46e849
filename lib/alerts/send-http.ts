import "server-only";
import { networkWords } from "./network-words";
import type { SendResult } from "./outgoing";

const timeoutMs = 10_000;
/** Enough to see what a receiver says. */
const mostOfAnswer = 500;

/** Answers that would meet the next message as well. Others speak against this one. */
const aboutChannel = [401, 403, 404, 405, 407, 408, 410, 429];

/**
 * Sends one request, within 10 s. Redirects are not followed: the address and what is signed are for nobody else. `secrets` are taken
 * out of the receiver's words, which may repeat them.
 */
export async function sendHttp(url: string, request: { method: "GET" | "POST"; headers?: Record<string, string>; body?: string }, secrets: readonly string[]): Promise<SendResult> {
  try {
    const response = await fetch(url, { ...request, headers: { "user-agent": "Holdfast", ...request.headers }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(timeoutMs) });
    const said = hide(await startOf(response), secrets);
    const answer = `HTTP ${response.status}${said ? `: ${said}` : ""}`;
    if (response.ok) return { isSent: true, answer };
    if (response.status >= 300 && response.status < 400) return { isSent: false, speaksOf: "channel", answer: `HTTP ${response.status}: it points to another address, and messages go only to the one that was entered.` };
    return { isSent: false, speaksOf: aboutChannel.includes(response.status) || response.status >= 500 ? "channel" : "message", answer };
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    return { isSent: false, speaksOf: "channel", answer: isLate ? `No answer within ${timeoutMs / 1_000} s.` : networkWords(error) };
  }
}

async function startOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  while (text.length < mostOfAnswer) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text.replace(/\s+/g, " ").trim().slice(0, mostOfAnswer);
}

/** A receiver may repeat what it was sent. */
export function hide(text: string, secrets: readonly string[]): string {
  return secrets.filter(Boolean).reduce((shown, secret) => shown.replaceAll(secret, "[hidden]"), text);
}
