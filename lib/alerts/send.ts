import "server-only";
import type { Clock } from "@/lib/clock";
import { env } from "@/lib/env";
import { writeJson } from "@/lib/db/codecs";
import type { OpenChannel } from "./channels";
import { formatSlack, formatWebhook } from "./format";
import { nobodyYet, type Outgoing, type Recipients, type Sender, type SendResult } from "./outgoing";
import { sendHttp } from "./send-http";
import { sendMail } from "./send-mail";
import { signedHeaders } from "./sign";

/** Sends one message over one channel, and says in the receiver's own words what became of it. `before`: what earlier attempts came to. Never throws for what the network does. */
export async function send({ kind, target, secret }: OpenChannel, out: Outgoing, { clock }: { clock: Clock }, before: Recipients = nobodyYet): Promise<SendResult> {
  const sender: Sender = { installation: env.installationName, baseUrl: env.baseUrl };
  if ("host" in target) return sendMail(out, target, secret.password, sender, before);
  const { url = "", signingSecret = "" } = secret;
  const secrets = [url, signingSecret, ...secretParts(url)];
  switch (kind) {
    case "ping":
      return sendHttp(out.event === "backup_failed" ? failureUrl(url) : url, { method: "GET" }, secrets);
    case "webhook": {
      const body = writeJson(formatWebhook(out, sender));
      return sendHttp(url, { method: "POST", headers: signedHeaders(body, { signingSecret, eventId: out.eventId, at: clock.now() }), body }, secrets);
    }
    default:
      return sendHttp(url, { method: "POST", headers: { "content-type": "application/json" }, body: writeJson(formatSlack(out, sender)) }, secrets);
  }
}

/** The path of an address is often what gives access, also when it is repeated alone. */
function secretParts(url: string): string[] {
  const { pathname, search } = new URL(url);
  return [pathname, search].filter((part) => part.length > 8);
}

/** As healthchecks.io and those that do as it does have it: the same address, with `/fail` behind its path. */
export function failureUrl(url: string): string {
  const failed = new URL(url);
  failed.pathname = `${failed.pathname.replace(/\/$/, "")}/fail`;
  return failed.toString();
}
