import "server-only";
import { z } from "zod";
import type { Session } from "@/lib/postgres/session";
import { type ComparedTable, mostExamples } from "./schemas";
import { differs, list, numbered, rowText, sameKey, type Shape } from "./shape";

/** More columns than these are not shown side by side, and values are cut after so many characters. */
const mostColumns = 24;
const longestValue = 160;

const Counts = z.object({ backup: z.number(), live: z.number(), onlyBackup: z.number(), onlyLive: z.number(), changed: z.number() });
const Rows = z.array(z.array(z.string().nullable()));
const Pairs = z.array(z.object({ backup: z.array(z.string().nullable()), live: z.array(z.string().nullable()) }));

export type Compared = Pick<ComparedTable, "backupRows" | "liveRows" | "onlyBackup" | "onlyLive" | "changed" | "columns" | "examples">;

/**
 * Compares staged rows with live ones inside the server, in one reading of both: by primary key, or, where there is none, as whole
 * rows that may occur more than once. Nothing is written, and memory is bounded by the server's own work_mem.
 */
export async function compareTable(session: Session, shape: Shape): Promise<Compared> {
  if (!shape.live) return onlyStaged(session, shape);
  return shape.key.length > 0 ? byKey(session, shape, shape.live.quoted) : byRow(session, shape, shape.live.quoted);
}

async function onlyStaged(session: Session, shape: Shape): Promise<Compared> {
  const rows = await session.json(`SELECT to_json(count(*)) FROM ${shape.staged};`, z.number());
  const columns = shape.stagedColumns.slice(0, mostColumns);
  const onlyBackup = await session.json(`SELECT coalesce(json_agg(${texts(columns, "s")}), '[]') FROM (SELECT * FROM ${shape.staged} LIMIT ${mostExamples}) s;`, Rows);
  return { backupRows: rows, liveRows: null, onlyBackup: rows, onlyLive: 0, changed: 0, columns: columns.map((column) => column.name), examples: { onlyBackup, onlyLive: [], changed: [] } };
}

async function byKey(session: Session, shape: Shape, live: string): Promise<Compared> {
  const { staged, key, common } = shape;
  const [first] = key;
  const on = sameKey(key, "s", "l");
  const change = differs(common, "s", "l");
  const counts = await session.json(
    `SELECT json_build_object('backup', count(s.${first?.quoted}), 'live', count(l.${first?.quoted}),
       'onlyBackup', count(*) FILTER (WHERE l.${first?.quoted} IS NULL), 'onlyLive', count(*) FILTER (WHERE s.${first?.quoted} IS NULL),
       'changed', count(*) FILTER (WHERE s.${first?.quoted} IS NOT NULL AND l.${first?.quoted} IS NOT NULL AND ${change}))
     FROM ${staged} s FULL JOIN ONLY ${live} l ON ${on};`,
    Counts,
  );
  const others = common.filter((column) => !key.some((one) => one.name === column.name));
  const columns = [...key, ...others].slice(0, mostColumns);
  const some = (what: number, from: string, other: string, alias: string) =>
    what === 0 ? Promise.resolve([]) : session.json(`SELECT coalesce(json_agg(${texts(columns, alias)} ORDER BY ${list(key, alias)}), '[]') FROM (SELECT ${alias}.* FROM ${from} ${alias} WHERE NOT EXISTS (SELECT FROM ${other} WHERE ${on}) ORDER BY ${list(key, alias)} LIMIT ${mostExamples}) ${alias};`, Rows);
  return {
    ...resultOf(counts),
    columns: columns.map((column) => column.name),
    examples: {
      onlyBackup: await some(counts.onlyBackup, staged, `ONLY ${live} l`, "s"),
      onlyLive: await some(counts.onlyLive, `ONLY ${live}`, `${staged} s`, "l"),
      changed:
        counts.changed === 0
          ? []
          : await session.json(
              `SELECT coalesce(json_agg(pair), '[]') FROM (SELECT json_build_object('backup', ${texts(columns, "s")}, 'live', ${texts(columns, "l")}) AS pair
               FROM ${staged} s JOIN ONLY ${live} l ON ${on} WHERE ${change} ORDER BY ${list(key, "s")} LIMIT ${mostExamples}) x;`,
              Pairs,
            ),
    },
  };
}

async function byRow(session: Session, shape: Shape, live: string): Promise<Compared> {
  const { staged, common } = shape;
  const grouped = (from: string) => `SELECT ${rowText(common, "x")} AS holdfast_row, count(*) AS holdfast_count FROM ${from} x GROUP BY 1`;
  const surplus = (a: string, b: string) => `coalesce(sum(greatest(coalesce(${a}.holdfast_count, 0) - coalesce(${b}.holdfast_count, 0), 0)), 0)`;
  const counts = await session.json(
    `SELECT json_build_object('backup', coalesce(sum(s.holdfast_count), 0), 'live', coalesce(sum(l.holdfast_count), 0), 'onlyBackup', ${surplus("s", "l")}, 'onlyLive', ${surplus("l", "s")}, 'changed', 0)
     FROM (${grouped(staged)}) s FULL JOIN (${grouped(`ONLY ${live}`)}) l ON s.holdfast_row = l.holdfast_row;`,
    Counts,
  );
  const columns = common.slice(0, mostColumns);
  const some = (what: number, from: string, other: string) =>
    what === 0
      ? Promise.resolve([])
      : session.json(
          `SELECT coalesce(json_agg(a.holdfast_values), '[]') FROM (SELECT a.holdfast_values FROM (${numbered(common, from, `${texts(columns, "x")} AS holdfast_values`)}) a
           WHERE NOT EXISTS (SELECT FROM (${numbered(common, other, "1 AS one")}) b WHERE b.holdfast_row = a.holdfast_row AND b.holdfast_number = a.holdfast_number) LIMIT ${mostExamples}) a;`,
          Rows,
        );
  return {
    ...resultOf(counts),
    columns: columns.map((column) => column.name),
    examples: { onlyBackup: await some(counts.onlyBackup, staged, `ONLY ${live}`), onlyLive: await some(counts.onlyLive, `ONLY ${live}`, staged), changed: [] },
  };
}

function resultOf(counts: z.output<typeof Counts>) {
  return { backupRows: counts.backup, liveRows: counts.live, onlyBackup: counts.onlyBackup, onlyLive: counts.onlyLive, changed: counts.changed };
}

function texts(columns: readonly { quoted: string }[], alias: string): string {
  return `to_json(ARRAY[${columns.map((column) => `pg_catalog."left"(${alias}.${column.quoted}::pg_catalog.text, ${longestValue})`).join(", ")}]::pg_catalog.text[])`;
}
