import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { simpleParser, type ParsedMail } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface MailServer {
  port: number;
  /** In the order they came. */
  mails: ParsedMail[];
  /** To whom each of them went, in the same order. */
  recipients: string[][];
  stop(): Promise<void>;
}

/** A real mail server on loopback that keeps what it gets. `port` starts it where an earlier one was. */
export async function startMailServer(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
  const mails: ParsedMail[] = [];
  const recipients: string[][] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, session, done) => void simpleParser(stream).then((mail) => {
      mails.push(mail);
      recipients.push(session.envelope.rcptTo.map(({ address }) => address));
      done();
    }, done),
    ...options,
  });
  // A client that gives up ends its connection in the middle; that is its own affair.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { port: (server.server.address() as AddressInfo).port, mails, recipients, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

export interface WebRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface WebReceiver {
  url: string;
  requests: WebRequest[];
  stop(): Promise<void>;
}

/** What a receiver answers; `null` never does. */
export type WebAnswer = { status: number; body?: string; headers?: Record<string, string> } | null;

/** A real HTTP server on loopback that keeps what it gets. */
export async function startWebReceiver(answer: (request: WebRequest) => WebAnswer = () => ({ status: 200, body: "ok" })): Promise<WebReceiver> {
  const requests: WebRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body: Buffer.concat(chunks).toString("utf8") };
      requests.push(request);
      const said = answer(request);
      if (said) response.writeHead(said.status, said.headers).end(said.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
