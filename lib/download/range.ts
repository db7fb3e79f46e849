/** Which bytes of a file to send. `end` is the last one, as in the header; a file without bytes ends at -1. */
export type Portion = { kind: "whole" | "part"; start: number; end: number } | { kind: "unsatisfiable" };

/**
 * Reads a Range header for a file of `size` bytes. One range is answered; several, other units and nonsense are allowed to
 * be ignored, and are: the whole file is always a right answer.
 */
export function portionOf(range: string | undefined, size: number): Portion {
  const whole = { kind: "whole", start: 0, end: size - 1 } as const;
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (first === "" && last === "") return whole;
  if (first !== "" && last !== "" && Number(first) > Number(last)) return whole;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return start > end ? { kind: "unsatisfiable" } : { kind: "part", start, end };
}

/** Whether the file is still the one a client has the first part of. Without the header there is nothing to disagree with. */
export function ifRangeHolds(ifRange: string | undefined, file: { etag: string; lastModified: string }): boolean {
  return ifRange === undefined || ifRange === file.etag || ifRange === file.lastModified;
}
