"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/components/ui/cn";

/** Works over plain HTTP too, where browsers keep the clipboard from scripts: a self-hosted page often has no TLS. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}

export interface CopyButtonProps {
  text: string;
  /** What is copied: "Copy SHA-256". */
  label: string;
  className?: string;
}

/** A small button beside a hash or a command. */
export function CopyButton({ text, label, className }: CopyButtonProps) {
  const [result, setResult] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(null), 2_000);
    return () => clearTimeout(timer);
  }, [result]);
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={async () => setResult((await copy(text)) ? "copied" : "failed")}
      className={cn("inline-grid size-6 place-items-center rounded-[5px] align-[-6px] text-ink-3 hover:bg-hover hover:text-ink touch:size-11 touch:align-[-15px]", className)}
    >
      {result === "copied" ? <Check size={13} strokeWidth={2} aria-hidden /> : <Copy size={13} strokeWidth={1.75} aria-hidden />}
      <span role="status" className="sr-only">
        {result === "copied" ? "Copied" : result === "failed" ? "Could not copy. Select the text instead." : ""}
      </span>
    </button>
  );
}
