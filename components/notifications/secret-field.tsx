"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Tick } from "@/components/ui/shapes";

/** A secret that can be set and replaced, and never read. */
export function SecretField({ name, label, hint, isSet, error }: { name: string; label: string; hint: string; isSet: boolean; error: string | undefined }) {
  const [isReplacing, setReplacing] = useState(false);
  const isShown = !isSet || isReplacing || error !== undefined;
  if (!isShown) {
    return (
      <div className="grid content-start gap-1.5">
        <span className="text-[13px]/[18px] font-medium">{label}</span>
        <span className="flex h-9 items-center gap-2.5 text-table text-ink-2">
          <Tick size={14} className="text-protected" /> Set
          <Button size="sm" onClick={() => setReplacing(true)} aria-label={`Replace: ${label}`}>Replace</Button>
        </span>
      </div>
    );
  }
  return (
    <Field label={label} hint={isSet ? `${hint} Left empty, the one that is set stays.` : hint} error={error}>
      <Input name={name} type="password" mono autoComplete="off" autoFocus={isReplacing} />
    </Field>
  );
}
