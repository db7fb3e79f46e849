"use client";

import * as Primitive from "radix-ui/dialog";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export const Dialog = Primitive.Root;
export const DialogTrigger = Primitive.Trigger;
export const DialogClose = Primitive.Close;

/** Marks what has focus when the dialog opens: the harmless choice. */
export const initialFocus = { "data-initial-focus": "" } as const;

export interface DialogContentProps {
  /** Names the object and the effect. */
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** The DialogFoot. */
  foot?: ReactNode;
  /** `alertdialog` where an answer is needed. */
  role?: "dialog" | "alertdialog";
  /** While something is under way, neither Escape nor a press outside closes it. */
  locked?: boolean;
  className?: string;
}

/** 560 wide in the middle; on a phone a sheet from below. */
export function DialogContent({ title, description, children, foot, role = "dialog", locked = false, className }: DialogContentProps) {
  const keep = (event: Event) => {
    if (locked) event.preventDefault();
  };
  return (
    <Primitive.Portal>
      <Primitive.Overlay className="fixed inset-0 z-40 bg-[var(--scrim)]" />
      <Primitive.Content
        role={role}
        {...(description ? {} : { "aria-describedby": undefined })}
        onEscapeKeyDown={keep}
        onPointerDownOutside={keep}
        onInteractOutside={keep}
        onOpenAutoFocus={(event) => {
          const target = (event.target as HTMLElement).querySelector<HTMLElement>("[data-initial-focus]");
          if (!target) return;
          event.preventDefault();
          // The ring must show even when a mouse opened the dialog: Enter is about to press this.
          target.focus({ focusVisible: true } as FocusOptions);
        }}
        className={cn(
          "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-48px)] w-[560px] max-w-[calc(100vw-48px)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-sheet bg-raised shadow-[var(--shadow-overlay)]",
          "max-sm:top-auto max-sm:bottom-0 max-sm:left-0 max-sm:w-full max-sm:max-w-full max-sm:translate-x-0 max-sm:translate-y-0 max-sm:rounded-t-[16px] max-sm:rounded-b-none",
          className,
        )}
      >
        <div className="grid gap-4 overflow-y-auto px-6 pt-[22px] pb-5 max-sm:gap-3.5 max-sm:px-4 max-sm:pb-4">
          <div className="grid gap-1.5">
            <Primitive.Title className="text-[18px]/[25px] tracking-[-0.018em] [overflow-wrap:anywhere]">{title}</Primitive.Title>
            {description ? <Primitive.Description className="text-table text-ink-2">{description}</Primitive.Description> : null}
          </div>
          {children}
        </div>
        {foot}
      </Primitive.Content>
    </Primitive.Portal>
  );
}

/** A note at the left, Cancel and the deed at the right; on a phone side by side. */
export function DialogFoot({ note, children }: { note?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-center justify-end gap-2 border-t border-line bg-sunken px-6 py-3.5 max-sm:grid max-sm:grid-cols-2 max-sm:px-4 max-sm:pb-5">
      {note ? <div className="mr-auto min-w-0 text-caption text-ink-3 max-sm:col-span-2">{note}</div> : null}
      {children}
    </div>
  );
}
