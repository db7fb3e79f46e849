import { Transform } from "node:stream";
import { backupErrors } from "@/lib/backup/errors";
import { connectsTo, identifier, nameOf, written } from "./names";
import { SqlSplitter, type Piece } from "./split";

export interface GuardOptions {
  /** The database of the file to load; null where the file has one without a name. */
  part: string | null;
  /** Owns everything that the file gives to nobody; loads. */
  loader: string;
  /** Owns the schemas while the file is loaded, so that every owner may be given tables in them. */
  schemaOwner: string;
  /** Settings that this server knows: a newer pg_dump sets more. */
  settings: ReadonlySet<string>;
}

/** What was left out of a file, with its names: it is not in the result. */
export interface Omission {
  what: string;
  text: string;
}

type Verdict = { do: "keep" | "drop" } | { do: "omit"; what: string } | { do: "write"; text: string } | { do: "later"; text: string };
const keep: Verdict = { do: "keep" };
const drop: Verdict = { do: "drop" };

const schemaOf = new RegExp(String.raw`^CREATE SCHEMA (?:IF NOT EXISTS )?(${identifier})(?: AUTHORIZATION (${identifier}))?;$`, "i");
const schemaOwnerOf = new RegExp(String.raw`^ALTER SCHEMA (${identifier}) OWNER TO ${identifier};$`, "i");
const settingOf = /^SET (?:SESSION |LOCAL )?([A-Za-z_.]+)\s*(?:=|TO)/i;
const sessionRole = new RegExp(String.raw`^SET SESSION AUTHORIZATION (${identifier}|'(?:[^']|'')+');$`, "i");
const publicationOf = new RegExp(String.raw`^(CREATE|ALTER) PUBLICATION (${identifier})([\s\S]*)$`, "i");
const mostOmissions = 200;

/**
 * A stage between a foreign script and psql: leaves out what an empty database of its own does not need (`CREATE DATABASE`,
 * `\connect`, extensions that are there, a prologue that drops) and what only a superuser may do, and lets the rest pass byte
 * for byte. It makes honest files load. Hostile ones are held by where and as whom they are loaded, not by this.
 */
export class ScriptGuard {
  readonly omissions: Omission[] = [];
  readonly #splitter = new SqlSplitter();
  readonly #owned = new Map<string, string>();
  readonly #omittedPublications = new Set<string>();
  #isIn: boolean;
  #hasCreated = false;
  #isWhole = false;
  #keepsParts = true;
  #isCut = false;

  constructor(private readonly options: GuardOptions) {
    this.#isIn = options.part === null;
  }

  /** As a stream: what it writes is what psql gets. Fails with `backup.truncated` when the file is not whole. */
  stream(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => done(null, this.push(chunk)),
      flush: (done) => {
        try {
          done(null, this.finish());
        } catch (error) {
          done(error as Error);
        }
      },
    });
  }

  push(chunk: Buffer): Buffer {
    const out: Buffer[] = [];
    for (const piece of this.#splitter.push(chunk)) this.#pass(piece, out);
    return Buffer.concat(out);
  }

  /** The end of the script, and what had to wait for it. */
  finish(): Buffer {
    const out: Buffer[] = [];
    for (const piece of this.#splitter.finish()) this.#pass(piece, out);
    const sqlBytes = 0;
    if (!this.#splitter.isBetween) throw backupErrors.truncated({ where: this.#splitter.where, sqlBytes, isGzip: false });
    if (!this.#isWhole) throw backupErrors.truncated({ where: "before pg_dump's end mark", sqlBytes, isGzip: false });
    out.push(Buffer.from(["", "RESET ROLE;", ...this.#owned.values(), ""].join("\n")));
    return Buffer.concat(out);
  }

  #pass(piece: Piece, out: Buffer[]): void {
    if (piece.type === "command") {
      // psql would have run what stood before the command.
      if (this.#isCut && this.#isIn) out.push(Buffer.from(";\n"));
      this.#isCut = false;
      this.#command(piece.bytes.toString("utf8").trim());
      return;
    }
    if (!this.#isIn) return;
    this.#isCut = false;
    if (piece.type === "space") {
      if (piece.bytes.indexOf("PostgreSQL database dump complete") >= 0) this.#isWhole = true;
      out.push(piece.bytes);
    } else if (piece.type === "data") out.push(piece.bytes);
    else if (piece.type === "part") {
      if (piece.isFirst) this.#keepsParts = this.#verdict(piece.bytes.toString("utf8")).do === "keep";
      this.#isCut = this.#keepsParts;
      if (this.#keepsParts) out.push(piece.bytes);
    } else this.#statement(piece.bytes, out);
  }

  #command(text: string): void {
    const database = connectsTo(text);
    if (database !== null) {
      if (this.options.part !== null) this.#isIn = database === this.options.part;
    } else if (this.#isIn && !/^\\(?:un)?restrict \w+$/.test(text)) this.#omit("psql command", text);
  }

  #statement(bytes: Buffer, out: Buffer[]): void {
    const isInsert = bytes.subarray(0, 6).toString("latin1").toUpperCase() === "INSERT";
    const text = isInsert ? "" : bytes.toString("utf8");
    const verdict = isInsert ? keep : this.#verdict(text);
    if (verdict.do === "keep") out.push(bytes);
    else if (verdict.do === "write") out.push(Buffer.from(verdict.text));
    else if (verdict.do === "omit") this.#omit(verdict.what, text);
  }

  #verdict(text: string): Verdict {
    const word = /^\w+/.exec(text)?.[0].toUpperCase();
    switch (word) {
      case "DROP":
        // A script that first removes what it will create: here there is nothing to remove.
        return this.#hasCreated && !/^DROP (?:DATABASE|ROLE|EXTENSION)\b/i.test(text) ? keep : drop;
      case "ALTER":
        return this.#alter(text);
      case "CREATE":
        return this.#create(text);
      case "COMMENT":
        if (/^COMMENT ON (?:DATABASE|EXTENSION|LANGUAGE|ROLE|TABLESPACE)\b/i.test(text)) return drop;
        return /^COMMENT ON (?:EVENT TRIGGER|SUBSCRIPTION)\b/i.test(text) ? { do: "omit", what: "comment" } : keep;
      case "GRANT":
      case "REVOKE":
        if (/^\w+ [\s\S]* ON (?:DATABASE|TABLESPACE|LANGUAGE|PARAMETER)\b/i.test(text)) return drop;
        // Without an object it is a membership: roles are the server's, and this one is thrown away.
        return /\sON\s/i.test(text) ? keep : drop;
      case "SET":
        return this.#set(text);
      case "SELECT":
        return !this.#hasCreated && /^SELECT (?:pg_catalog\.)?lo_unlink\(/i.test(text) ? drop : keep;
      case "RESET":
        return /^RESET SESSION AUTHORIZATION;$/i.test(text) ? { do: "write", text: "RESET ROLE;" } : keep;
      default:
        return keep;
    }
  }

  #alter(text: string): Verdict {
    if (!this.#hasCreated && /^ALTER\b[\s\S]*\bDROP\b/i.test(text)) return drop;
    if (/^ALTER (?:DATABASE|ROLE|USER|GROUP|TABLESPACE|LANGUAGE|PROCEDURAL LANGUAGE)\b/i.test(text)) return drop;
    if (/^ALTER EVENT TRIGGER\b/i.test(text)) return { do: "omit", what: "event trigger" };
    if (/^ALTER SUBSCRIPTION\b/i.test(text)) return { do: "omit", what: "subscription" };
    const publication = publicationOf.exec(text)?.[2];
    if (publication && this.#omittedPublications.has(nameOf(publication))) return drop;
    const schema = schemaOwnerOf.exec(text)?.[1];
    if (!schema) return keep;
    this.#owned.set(nameOf(schema), text);
    return drop;
  }

  #create(text: string): Verdict {
    if (/^CREATE (?:DATABASE|ROLE|USER(?! MAPPING)|GROUP|TABLESPACE)\b/i.test(text)) return drop;
    if (/^CREATE EXTENSION\b/i.test(text)) return drop;
    if (/^CREATE (?:OR REPLACE )?(?:TRUSTED )?(?:PROCEDURAL )?LANGUAGE plpgsql\b/i.test(text)) return drop;
    const schema = schemaOf.exec(text);
    if (schema?.[1]) return this.#schema(schema[1], schema[2]);
    this.#hasCreated = true;
    if (/^CREATE EVENT TRIGGER\b/i.test(text)) return { do: "omit", what: "event trigger" };
    if (/^CREATE SUBSCRIPTION\b/i.test(text)) return { do: "omit", what: "subscription" };
    const publication = publicationOf.exec(text);
    if (!publication?.[2] || !/\bFOR (?:ALL TABLES|TABLES IN SCHEMA)\b/i.test(publication[3] ?? "")) return keep;
    this.#omittedPublications.add(nameOf(publication[2]));
    return { do: "omit", what: "publication" };
  }

  #schema(name: string, owner: string | undefined): Verdict {
    if (nameOf(name) === "public") return drop;
    // One that the file gives to nobody belongs to whoever loads.
    this.#owned.set(nameOf(name), `ALTER SCHEMA ${name} OWNER TO ${owner ?? written(this.options.loader)};`);
    return { do: "write", text: `CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${written(this.options.schemaOwner)};` };
  }

  #set(text: string): Verdict {
    const role = sessionRole.exec(text)?.[1];
    if (role) return { do: "write", text: nameOf(role) === "default" ? "RESET ROLE;" : `SET ROLE ${role};` };
    const setting = settingOf.exec(text)?.[1]?.toLowerCase();
    if (setting === "default_tablespace" && !/''\s*;$/.test(text)) return drop;
    return setting && !setting.includes(".") && !this.options.settings.has(setting) ? drop : keep;
  }

  #omit(what: string, text: string): void {
    if (this.omissions.length < mostOmissions) this.omissions.push({ what, text: text.replace(/\s+/g, " ").slice(0, 120) });
  }
}
