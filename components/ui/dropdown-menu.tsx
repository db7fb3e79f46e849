"use client";

import { Ellipsis } from "lucide-react";
import * as Primitive from "radix-ui/dropdown-menu";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** Not modal: a modal menu hides the page from screen readers while its links can still take focus. */
export function DropdownMenu(props: ComponentProps<typeof Primitive.Root>) {
  return <Primitive.Root modal={false} {...props} />;
}
export const DropdownMenuTrigger = Primitive.Trigger;
export const DropdownMenuRadioGroup = Primitive.RadioGroup;

/** The floating list. */
export function DropdownMenuContent({ className, align = "start", ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        align={align}
        sideOffset={5}
        collisionPadding={8}
        className={cn("z-50 max-h-[min(420px,var(--radix-dropdown-menu-content-available-height))] min-w-44 overflow-y-auto rounded-[9px] bg-raised p-1 shadow-[var(--shadow-menu)] [--ring:var(--shadow-menu)]", className)}
        {...props}
      />
    </Primitive.Portal>
  );
}

const item =
  "flex min-h-8 items-center gap-2.5 rounded-[6px] px-2 py-1.5 text-table outline-none select-none [--ring:inset_0_0_0_2px_var(--accent)] data-highlighted:bg-selected data-disabled:text-ink-3 [&>svg]:text-ink-3 touch:min-h-11 touch:text-[15px]";

/** One entry. `asChild` around a Link for entries that lead somewhere. */
export function DropdownMenuItem({ tone, className, ...props }: ComponentProps<typeof Primitive.Item> & { tone?: "danger" }) {
  return <Primitive.Item className={cn(item, tone === "danger" && "text-exposed [&>svg]:text-exposed", className)} {...props} />;
}

/** One of several; the present one carries a tick. */
export function DropdownMenuRadioItem({ className, ...props }: ComponentProps<typeof Primitive.RadioItem>) {
  return <Primitive.RadioItem className={cn(item, className)} {...props} />;
}

/** A caption over a group of entries. */
export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn("px-2 pt-1.5 pb-1 text-caption text-ink-3", className)} {...props} />;
}

/** A hairline between groups. */
export function DropdownMenuSeparator() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}

/** The three dots at the end of a row. `label` names the row: "More actions for bimcalc, 22 Sep 02:00:04". */
export function KebabMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={label}
        className="inline-grid size-7 shrink-0 place-items-center rounded-[6px] text-ink-3 hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink touch:size-11"
      >
        <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">{children}</DropdownMenuContent>
    </DropdownMenu>
  );
}
