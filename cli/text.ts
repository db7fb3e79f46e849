const isControl = (code: number) => code < 0x20 || (code >= 0x7f && code < 0xa0);

/**
 * A text as a terminal and `grep` want it: plain spaces, and the characters that a terminal would take for commands written out,
 * since the name of a database may hold any of them.
 */
export function plain(text: string): string {
  return [...text.replaceAll("\u00a0", " ")].map((one) => (isControl(one.codePointAt(0) ?? 0) ? `\\x${(one.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}` : one)).join("");
}

/** How many columns a text takes, without its colours. */
export function width(text: string): number {
  return [...text.replace(/\u001b\[[0-9;]*m/g, "")].length;
}

export type Align = "left" | "right";

/** Columns under a head, two spaces apart; the last one is not padded. Empty when there are no rows. */
export function table(head: readonly { title: string; align?: Align }[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const cells = [head.map(({ title }) => title), ...rows.map((row) => row.map((cell) => cell))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ""))));
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const gap = " ".repeat((widths[column] ?? 0) - width(cell));
        if (head[column]?.align === "right") return gap + cell;
        return column === row.length - 1 ? cell : cell + gap;
      })
      .join("  ")
      .trimEnd(),
  );
}
