import type { z } from "zod";

/** Reads a JSON column through its schema; null stays null. Throws when the row does not fit: a bug, or a foreign hand. */
export function readJson<S extends z.ZodType>(schema: S, text: string): z.output<S>;
export function readJson<S extends z.ZodType>(schema: S, text: string | null): z.output<S> | null;
export function readJson<S extends z.ZodType>(schema: S, text: string | null): z.output<S> | null {
  return text === null ? null : schema.parse(JSON.parse(text));
}

/** Writes a JSON column. Undefined members vanish, which is what optional fields want. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value);
}

/** Byte sizes and row counts are BigInt columns; a JavaScript number is exact up to 2^53, 8 PiB, far past any backup. */
export function toNumber(value: bigint): number;
export function toNumber(value: bigint | null): number | null;
export function toNumber(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}

export function toBigInt(value: number): bigint;
export function toBigInt(value: number | null | undefined): bigint | null;
export function toBigInt(value: number | null | undefined): bigint | null {
  return value === null || value === undefined ? null : BigInt(Math.round(value));
}
