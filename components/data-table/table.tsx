import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export interface TableProps {
  /** Says what the table lists; read out, not shown. */
  caption: string;
  /** Under 640 px rows become cards. Otherwise the table scrolls sideways inside itself. */
  cards?: boolean;
  /** Row height: one line 44, `two` 56, `tall` 92, `dense` 36. */
  rows?: "one" | "two" | "tall" | "dense";
  className?: string;
  children: ReactNode;
}

/** A real table. Roles are spelled out because cards change `display`, which makes browsers forget what a row is. */
export function Table({ caption, cards = true, rows = "one", className, children }: TableProps) {
  const table = (
    <table role="table" className={cn("table", cards && "cards", rows !== "one" && rows, className)}>
      <caption className="sr-only">{caption}</caption>
      {children}
    </table>
  );
  if (cards) return table;
  return (
    <div role="region" aria-label={caption} tabIndex={0} className="overflow-x-auto">
      {table}
    </div>
  );
}

export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead role="rowgroup">
      <tr role="row">{children}</tr>
    </thead>
  );
}

export function TableBody({ children }: { children: ReactNode }) {
  return <tbody role="rowgroup">{children}</tbody>;
}

export function TableFoot({ children }: { children: ReactNode }) {
  return (
    <tfoot role="rowgroup">
      <tr role="row">{children}</tr>
    </tfoot>
  );
}

export function TableRow(props: ComponentProps<"tr">) {
  return <tr role="row" {...props} />;
}

export interface ColumnProps extends ComponentProps<"th"> {
  numeric?: boolean;
}

/** A column head. */
export function Column({ numeric = false, className, ...props }: ColumnProps) {
  return <th role="columnheader" scope="col" className={cn(numeric && "num", className)} {...props} />;
}

/** The head of a column without a visible name, such as the one of the actions. */
export function HiddenColumn({ children, className }: { children: string; className?: string }) {
  return (
    <th role="columnheader" scope="col" className={className}>
      <span className="sr-only">{children}</span>
    </th>
  );
}

export type SortDirection = "asc" | "desc";

export interface SortColumnProps extends ColumnProps {
  /** Direction when the list is sorted by this column, else null. */
  sorted: SortDirection | null;
  /** The list with the other direction, or sorted by this column. */
  href: string;
}

/** A column head that is a link: the sort is in the URL. */
export function SortColumn({ sorted, href, numeric = false, className, children, ...props }: SortColumnProps) {
  const Arrow = sorted === "asc" ? ArrowUp : ArrowDown;
  return (
    <th role="columnheader" scope="col" aria-sort={sorted ? (sorted === "asc" ? "ascending" : "descending") : "none"} className={cn(numeric && "num", className)} {...props}>
      <Link href={href} scroll={false} className={cn("group -my-1 inline-flex min-h-6 items-center gap-1 rounded-[4px] hover:text-ink", sorted && "text-ink-2")}>
        {children}
        <Arrow size={12} strokeWidth={2} aria-hidden className={cn(!sorted && "opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60")} />
      </Link>
    </th>
  );
}

export interface CellProps extends ComponentProps<"td"> {
  numeric?: boolean;
  /** Over the value on a phone, where the column heads are gone. */
  label?: string;
  /** On a phone: the whole width, the right edge, or not at all. */
  phone?: "full" | "end" | "off";
}

/** A value. Phone order follows the markup; use `order-*` classes to move what matters to the top. */
export function Cell({ numeric = false, label, phone, className, ...props }: CellProps) {
  return (
    <td
      role="cell"
      data-label={label}
      className={cn(numeric && "num", phone === "full" && "full", phone === "end" && "to-end", phone === "off" && "off-phone", className)}
      {...props}
    />
  );
}

/** The link a row is about; goes into its first cell. */
export function RowLink({ className, ...props }: ComponentProps<typeof Link>) {
  return <Link className={cn("inline-block rounded-[3px] py-0.5 font-medium text-ink hover:text-accent touch:-my-2.5 touch:py-3", className)} {...props} />;
}

/** The quiet second line of a cell. */
export function CellSub({ className, ...props }: ComponentProps<"span">) {
  return <span className={cn("block text-caption font-normal text-ink-3", className)} {...props} />;
}

/** Buttons and dots at the end of a row. */
export function RowActions({ children }: { children: ReactNode }) {
  return <div className="flex items-center justify-end gap-0.5">{children}</div>;
}

/** What opens under a row: a sunken panel aligned to the column after `lead` others. Goes right after its row. */
export function DetailRow({ columns, lead = 1, id, children }: { columns: number; lead?: number; id?: string; children: ReactNode }) {
  return (
    <tr role="row" className="detail" id={id}>
      {lead > 0 ? <td role="cell" colSpan={lead} className="off-phone" /> : null}
      <td role="cell" colSpan={columns - lead}>
        <div className="rounded-panel border border-line bg-sunken px-3.5 py-1.5">{children}</div>
      </td>
    </tr>
  );
}
