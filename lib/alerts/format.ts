import { fullTime } from "@/lib/format/times";
import { nbsp } from "@/lib/format/symbols";
import type { Outgoing, Sender, WebhookBody } from "./outgoing";

/** Slack refuses longer headers and sections. */
const longestSlackHeader = 150;
const longestSlackSection = 2_900;

/** A mail: subject, plain text, and the same as simple HTML. */
export function formatMail(out: Outgoing, sender: Sender): { subject: string; text: string; html: string } {
  const { subject, happened, meaning, todo } = out.message;
  const link = linkOf(out, sender);
  const foot = footOf(out, sender);
  return {
    subject: `${subject} [${sender.installation}]`,
    text: [happened, `What it means: ${meaning}`, `What to do: ${todo}`, ...(link ? [link] : []), `-- \n${foot}`].join("\n\n"),
    html: [
      `<p>${escapeHtml(happened)}</p>`,
      `<p><b>What it means:</b> ${escapeHtml(meaning)}</p>`,
      `<p><b>What to do:</b> ${escapeHtml(todo)}</p>`,
      ...(link ? [`<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`] : []),
      `<p style="color:#5c6670;font-size:12px">${escapeHtml(foot)}</p>`,
    ].join("\n"),
  };
}

/** A message of blocks, with the subject for where blocks are not shown. */
export function formatSlack(out: Outgoing, sender: Sender): Record<string, unknown> {
  const { subject, happened, meaning, todo } = out.message;
  const link = linkOf(out, sender);
  const lines = [happened, `*What it means:* ${meaning}`, `*What to do:* ${todo}`].map((line) => escapeSlack(line));
  return {
    text: escapeSlack(subject),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(subject, longestSlackHeader), emoji: false } },
      { type: "section", text: { type: "mrkdwn", text: cut(lines.join("\n\n"), longestSlackSection) } },
      ...(link ? [{ type: "section", text: { type: "mrkdwn", text: `<${link}|Open in Holdfast>` } }] : []),
      { type: "context", elements: [{ type: "plain_text", text: footOf(out, sender), emoji: false }] },
    ],
  };
}

export function formatWebhook(out: Outgoing, sender: Sender): WebhookBody {
  const { subject, happened, meaning, todo } = out.message;
  const { eventId, event, phase, severity, at, database, runId, backupId } = out;
  return { schema: "holdfast.alert.v1", id: eventId, event, phase, severity, at: at.toISOString(), installation: sender.installation, database, runId, backupId, subject, happened, meaning, todo, url: linkOf(out, sender) };
}

function linkOf({ message }: Outgoing, { baseUrl }: Sender): string | null {
  return baseUrl ? new URL(message.path, baseUrl).toString() : null;
}

function footOf({ severity, at, event }: Outgoing, { installation }: Sender): string {
  return `Holdfast ${installation}, ${fullTime(at).replaceAll(nbsp, " ")}, ${severity}, ${event}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
