"use client";

import { Check, ChevronDown } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { DropdownMenu, DropdownMenuContent, DropdownMenuRadioGroup, DropdownMenuRadioItem, DropdownMenuTrigger } from "@/components/ui/dropdown-menu";
import { TextLink } from "@/components/ui/text-link";

export interface FilterOption {
  /** As the URL writes it. */
  value: string;
  label: string;
  /** The list with this choice made. */
  href: string;
}

export interface FilterPillProps {
  label: string;
  /** The chosen value; null when it is not set. */
  value: string | null;
  options: readonly FilterOption[];
  /** The list without this filter. */
  clearHref: string;
  /** The word for "not set"; null where one is always chosen. */
  anyLabel?: string | null;
  /** What is chosen is what is chosen anyway: no tint. */
  quiet?: boolean;
}

const anyValue = "";

/** Label and value; tinted when set. Choices are links: the state is in the URL. */
export function FilterPill({ label, value, options, clearHref, anyLabel = "any", quiet = false }: FilterPillProps) {
  const chosen = options.find((option) => option.value === value);
  const choices = [...(anyLabel === null ? [] : [{ value: anyValue, label: anyLabel, href: clearHref }]), ...options];
  const tinted = chosen !== undefined && !quiet;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        className={cn(
          "inline-flex h-[30px] shrink-0 items-center gap-1.5 rounded-control bg-raised pr-[9px] pl-2.5 text-table whitespace-nowrap text-ink-2 inset-ring inset-ring-line-strong hover:bg-hover touch:h-11 touch:text-body",
          tinted && "bg-accent-soft text-accent inset-ring-accent/35 hover:bg-accent-soft",
        )}
      >
        {label} <span className={cn("max-w-48 truncate font-medium", tinted ? "text-accent" : "text-ink")}>{chosen?.label ?? anyLabel}</span>
        <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuRadioGroup value={chosen?.value ?? anyValue}>
          {choices.map((option) => (
            <DropdownMenuRadioItem key={option.value} value={option.value} asChild>
              <Link href={option.href} scroll={false}>
                <Check size={14} strokeWidth={2} aria-hidden className={cn((chosen?.value ?? anyValue) !== option.value && "invisible")} />
                <span className="max-w-72 truncate">{option.label}</span>
              </Link>
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** Pills in a row, Clear after the last, what is shown at the end. On a phone it scrolls sideways. */
export function FilterBar({ clearHref, summary, children }: { clearHref?: string | null; summary?: ReactNode; children: ReactNode }) {
  return (
    <div className="mb-2 flex flex-wrap items-center gap-2 max-sm:-mx-4 max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:px-4 max-sm:py-1">
      {children}
      {clearHref ? (
        <TextLink href={clearHref} scroll={false} className="ml-1 inline-flex h-[30px] items-center px-1 text-table touch:h-11">
          Clear
        </TextLink>
      ) : null}
      {summary ? <span className="ml-auto shrink-0 pl-2 text-table text-ink-3">{summary}</span> : null}
    </div>
  );
}
