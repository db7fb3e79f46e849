import "server-only";
import { createTransport } from "nodemailer";
import { formatMail } from "./format";
import { networkWords } from "./network-words";
import type { Outgoing, Recipients, Sender, SendResult } from "./outgoing";
import type { ChannelTarget } from "./schemas";
import { hide } from "./send-http";

type MailTarget = Extract<ChannelTarget, { host: string }>;

const connectMs = 10_000;
const silenceMs = 20_000;
/** A server that keeps a connection alive with a byte now and then must not keep the channel. */
const wholeMs = 60_000;

/** Refusals of one message: of its sender, a recipient, or its contents. */
const aboutMessage = ["EENVELOPE", "EMESSAGE"];

/** What a server said to one recipient. */
interface Refusal {
  recipient?: string;
  response?: string;
  responseCode?: number;
}

/**
 * Sends one mail to those in `to` of whom `before` knows nothing yet. Its Message-ID is made of the delivery's id, so a second attempt can
 * be told from a second mail.
 */
export async function sendMail(out: Outgoing, target: MailTarget, password: string | undefined, sender: Sender, before: Recipients): Promise<SendResult> {
  const { host, port, tls, user, from, to } = target;
  const open = to.filter((address) => !before.arrived.includes(address) && !before.refused.some((one) => one.address === address));
  const say = (words: string) => hide(words, [password ?? ""]);
  if (open.length === 0) return outcomeOf(target, before, [], say);
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
      envelope: { from, to: open },
      ...mail,
      date: out.at,
      messageId: `<${out.id}@${from.split("@")[1] ?? "holdfast"}>`,
      headers: { "Auto-Submitted": "auto-generated", "Holdfast-Event-Id": out.eventId },
    });
    const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(Object.assign(new Error("late"), { code: "ETIMEDOUT" })), wholeMs)));
    const { response, rejectedErrors = [] } = (await Promise.race([sending, late])) as { response: string; rejectedErrors?: Refusal[] };
    return outcomeOf(target, sortOut(open, before, rejectedErrors, say), rejectedErrors, say, response);
  } catch (error) {
    const { code, response, rejectedErrors } = error as { code?: string; response?: string; rejectedErrors?: Refusal[] };
    if (rejectedErrors) return outcomeOf(target, sortOut(open, before, rejectedErrors, say), rejectedErrors, say);
    // The server's own words say more than any code.
    const answer = response ? say(response) : networkWords(error);
    return { isSent: false, speaksOf: aboutMessage.includes(code ?? "") ? "message" : "channel", answer };
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}

/** Who has it now, and who never will. A refusal that begins with a 4 is for the moment. */
function sortOut(open: readonly string[], before: Recipients, refusals: readonly Refusal[], say: (words: string) => string): Recipients {
  const refusalOf = (address: string) => refusals.find(({ recipient }) => recipient?.toLowerCase() === address.toLowerCase());
  const refused = open.flatMap((address) => {
    const { responseCode = 0, response = "" } = refusalOf(address) ?? {};
    return responseCode >= 500 ? [{ address, answer: say(response) }] : [];
  });
  return { arrived: [...before.arrived, ...open.filter((address) => !refusalOf(address))], refused: [...before.refused, ...refused] };
}

function outcomeOf({ to }: MailTarget, recipients: Recipients, refusals: readonly Refusal[], say: (words: string) => string, response?: string): SendResult {
  const arrived = to.filter((address) => recipients.arrived.includes(address));
  const refused = recipients.refused.filter(({ address }) => to.includes(address));
  const later = refusals.filter(({ responseCode = 0 }) => responseCode < 500).map(({ recipient, response: words = "" }) => ({ address: recipient ?? "", answer: say(words) }));
  if (refused.length === 0 && later.length === 0) return { isSent: true, answer: response ? say(response) : "It has arrived at everybody." };
  const only = [...refused, ...later];
  const words = [
    ...(arrived.length > 0 ? [`Arrived at ${arrived.join(", ")}.`] : []),
    ...refused.map(({ address, answer }) => `Refused for ${address}: ${answer}.`),
    ...later.map(({ address, answer }) => `Not taken yet for ${address}: ${answer}.`),
  ];
  return { isSent: false, speaksOf: "message", isFinal: later.length === 0, recipients, answer: to.length === 1 ? (only[0]?.answer ?? "") : words.join(" ").replaceAll("..", ".") };
}
