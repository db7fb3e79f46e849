import { z } from "zod";
import type { PublicError } from "@/lib/errors";
import { PublicErrorSchema } from "@/lib/runs/schemas";

export type Answer = { ok: true; body: unknown } | { ok: false; error: PublicError };

export interface Sending {
  answer: Promise<Answer>;
  abort: () => void;
}

const Refusal = z.object({ error: PublicErrorSchema });
const broken: PublicError = { code: "broken", kind: "unavailable", message: "The connection broke before the whole file was sent. Nothing was stored.", hint: "Upload it again." };
const stopped: PublicError = { code: "stopped", kind: "cancelled", message: "The upload was stopped. Nothing was stored." };

/** Sends a file as the body of a POST. `fetch` does not say how much of a body has left, so this is the older interface. */
export function sendFile(address: string, file: Blob, onSent: (bytes: number) => void): Sending {
  const request = new XMLHttpRequest();
  const answer = new Promise<Answer>((resolve) => {
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => resolve(read(request));
    request.onerror = () => resolve({ ok: false, error: broken });
    request.onabort = () => resolve({ ok: false, error: stopped });
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
  return { answer, abort: () => request.abort() };
}

function read(request: XMLHttpRequest): Answer {
  try {
    const body: unknown = JSON.parse(request.responseText);
    if (request.status === 200 || request.status === 201) return { ok: true, body };
    return { ok: false, error: Refusal.parse(body).error };
  } catch {
    return { ok: false, error: broken };
  }
}
