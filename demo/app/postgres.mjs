// As much of PostgreSQL's wire protocol as a small page needs, so that the demo runs in any image that has Node.
// Messages: https://www.postgresql.org/docs/current/protocol-message-formats.html
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import net from "node:net";

const protocolVersion = 196_608; // 3.0
const ok = 0;
const saslStart = 10;
const saslContinue = 11;
const saslFinal = 12;

class Writer {
  parts = [];
  int16 = (value) => this.#push(2, (b) => b.writeInt16BE(value));
  int32 = (value) => this.#push(4, (b) => b.writeInt32BE(value));
  bytes = (value) => (this.parts.push(Buffer.from(value)), this);
  string = (value) => this.bytes(`${value}\0`);
  #push(size, write) {
    const buffer = Buffer.alloc(size);
    write(buffer);
    this.parts.push(buffer);
    return this;
  }
  /** The message with its length in front, and before that its type, which only the very first one lacks. */
  message(type) {
    const body = Buffer.concat(this.parts);
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type ?? ""), length, body]);
  }
}

/** Whole messages out of a stream of bytes: `{ type, body }`. */
async function* messages(socket) {
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 1 + rest.readInt32BE(1)) {
      const end = 1 + rest.readInt32BE(1);
      yield { type: String.fromCharCode(rest[0]), body: rest.subarray(5, end) };
      rest = rest.subarray(end);
    }
  }
}

const cstrings = (body) => body.toString("utf8").split("\0").filter(Boolean);

function failure(body) {
  const fields = Object.fromEntries(cstrings(body).map((field) => [field[0], field.slice(1)]));
  return Object.assign(new Error(fields.M ?? "The server refused."), { code: fields.C });
}

/** SCRAM-SHA-256, RFC 5802, without channel binding. The user's name travels in the start-up message. */
function scram(password) {
  const nonce = randomBytes(18).toString("base64");
  const first = `n=,r=${nonce}`;
  const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
  let expected;
  return {
    start: `n,,${first}`,
    answer(challenge) {
      const { r, s, i } = Object.fromEntries(challenge.split(",").map((part) => [part[0], part.slice(2)]));
      if (!r.startsWith(nonce)) throw new Error("The server answered another sign-in.");
      const salted = pbkdf2Sync(password.normalize("NFKC"), Buffer.from(s, "base64"), Number(i), 32, "sha256");
      const clientKey = hmac(salted, "Client Key");
      const withoutProof = `c=biws,r=${r}`;
      const signed = `${first},${challenge},${withoutProof}`;
      const signature = hmac(createHash("sha256").update(clientKey).digest(), signed);
      const proof = Buffer.from(clientKey.map((byte, n) => byte ^ signature[n])).toString("base64");
      expected = hmac(hmac(salted, "Server Key"), signed).toString("base64");
      return `${withoutProof},p=${proof}`;
    },
    verify(final) {
      if (final !== `v=${expected}`) throw new Error("The server does not know the password either.");
    },
  };
}

function authenticate(socket, body, exchange) {
  const kind = body.readInt32BE(0);
  const text = body.subarray(4).toString("utf8");
  if (kind === ok) return;
  if (kind === saslStart) {
    const start = Buffer.from(exchange.start);
    socket.write(new Writer().string("SCRAM-SHA-256").int32(start.length).bytes(start).message("p"));
  } else if (kind === saslContinue) socket.write(new Writer().bytes(exchange.answer(text)).message("p"));
  else if (kind === saslFinal) exchange.verify(text);
  else throw new Error(`The server wants a way of signing in (${kind}) that this demo does not have.`);
}

/** One statement with text parameters, as the extended protocol's five messages. */
function statement(sql, values) {
  const bind = new Writer().string("").string("").int16(0).int16(values.length);
  for (const value of values) {
    const bytes = Buffer.from(String(value));
    bind.int32(bytes.length).bytes(bytes);
  }
  return Buffer.concat([
    new Writer().string("").string(sql).int16(0).message("P"),
    bind.int16(0).message("B"),
    new Writer().bytes("P\0").message("D"),
    new Writer().string("").int32(0).message("E"),
    new Writer().message("S"),
  ]);
}

function rowOf(body, columns) {
  let at = 2;
  return Object.fromEntries(
    columns.map((name) => {
      const length = body.readInt32BE(at);
      at += 4;
      if (length < 0) return [name, null];
      at += length;
      return [name, body.toString("utf8", at - length, at)];
    }),
  );
}

function columnsOf(body) {
  const names = [];
  for (let at = 2, n = body.readInt16BE(0); n > 0; n -= 1) {
    const end = body.indexOf(0, at);
    names.push(body.toString("utf8", at, end));
    at = end + 1 + 18; // Table, column, type, size, modifier and format.
  }
  return names;
}

/**
 * Connects, runs `statements` (`[sql, ...values]` each) and resolves to their rows, every value as text or null. One
 * connection per page survives a database that is swapped for another under its name.
 */
export async function ask({ host, port = 5432, user, password, database }, statements) {
  const socket = net.connect({ host, port });
  socket.setTimeout(10_000, () => socket.destroy(new Error("The database did not answer in 10 s.")));
  const startup = new Writer().int32(protocolVersion);
  for (const [name, value] of Object.entries({ user, database, application_name: "bimcalc" })) startup.string(name).string(value);
  socket.write(startup.string("").message());
  const exchange = scram(password);
  const waiting = [...statements];
  const results = [];
  let columns = [];
  let rows = [];
  let signedIn = false;
  try {
    for await (const { type, body } of messages(socket)) {
      if (type === "R") authenticate(socket, body, exchange);
      else if (type === "T") columns = columnsOf(body);
      else if (type === "D") rows.push(rowOf(body, columns));
      else if (type === "E") throw failure(body);
      else if (type === "Z") {
        if (signedIn) results.push(rows);
        signedIn = true;
        rows = [];
        const next = waiting.shift();
        if (!next) return results;
        socket.write(statement(next[0], next.slice(1)));
      }
    }
    throw new Error("The database closed the connection.");
  } finally {
    socket.end(new Writer().message("X"));
    socket.destroySoon();
  }
}
