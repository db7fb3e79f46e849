import "server-only";
import { createTransport } from "nodemailer";
import { formatMail } from "./format";
import { networkWords } from "./network-words";
import type { Outgoing, Sender, SendResult } from "./outgoing";
import type { ChannelTarget } from "./schemas";
import { hide } from "./send-http";

type MailTarget = Extract<ChannelTarget, { host: string }>;

const connectMs = 10_000;
const silenceMs = 20_000;
/** A server that keeps a connection alive with a byte now and then must not keep the channel. */
const wholeMs = 60_000;

/** Refusals of one message: of its sender, a recipient, or its contents. */
const aboutMessage = ["EENVELOPE", "EMESSAGE"];

/** Sends one mail to everybody in `to`. Its Message-ID is made of the delivery's id, so a second attempt can be told from a second mail. */
export async function sendMail(out: Outgoing, target: MailTarget, password: string | undefined, sender: Sender): Promise<SendResult> {
  const { host, port, tls, user, from, to } = target;
  const transport = createTransport({
    host,
    port,
    secure: tls === "tls",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    ...(user ? { auth: { user, pass: password ?? "" } } : {}),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    dnsTimeout: connectMs,
    socketTimeout: silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const mail = formatMail(out, sender);
  let timer: NodeJS.Timeout | undefined;
  try {
    const sending = transport.sendMail({
      from: { name: "Holdfast", address: from },
      to,
      ...mail,
      date: out.at,
      messageId: `<${out.id}@${from.split("@")[1] ?? "holdfast"}>`,
      headers: { "Auto-Submitted": "auto-generated", "Holdfast-Event-Id": out.eventId },
    });
    const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(Object.assign(new Error("late"), { code: "ETIMEDOUT" })), wholeMs)));
    const { response, rejected } = await Promise.race([sending, late]);
    const refused = rejected.map((one) => (typeof one === "string" ? one : one.address));
    return { isSent: true, answer: hide(`${response}${refused.length > 0 ? ` (refused for ${refused.join(", ")})` : ""}`, [password ?? ""]) };
  } catch (error) {
    const { code, response } = error as { code?: string; response?: string };
    // The server's own words say more than any code.
    const answer = response ? hide(response, [password ?? ""]) : networkWords(error);
    return { isSent: false, speaksOf: aboutMessage.includes(code ?? "") ? "message" : "channel", answer };
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}
