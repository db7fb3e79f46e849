"use client";

import { createContext, type ReactNode, useContext, useId } from "react";
import { cn } from "@/components/ui/cn";
import { Octagon } from "@/components/ui/shapes";

interface FieldContext {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
}
const Context = createContext<FieldContext | null>(null);

/** What a control inside a field takes over from it: its id, what describes it, whether it is wrong. */
export function useField() {
  const field = useContext(Context);
  return field
    ? { id: field.id, "aria-describedby": field.describedBy, "aria-invalid": field.invalid || undefined }
    : {};
}

export interface FieldProps {
  label: ReactNode;
  /** Beside the label: "goes into the audit log". */
  note?: ReactNode;
  /** At the far end of the label: a link such as "Show". */
  end?: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  className?: string;
  /** One Input, Textarea or Select. */
  children: ReactNode;
}

/** Label above, hint below, error at the field. */
export function Field({ label, note, end, hint, error, className, children }: FieldProps) {
  const id = useId();
  const describedBy = [error ? `${id}-error` : null, hint ? `${id}-hint` : null].filter(Boolean).join(" ") || undefined;
  return (
    <div className={cn("relative grid content-start gap-1.5", className)}>
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-[13px]/[18px] font-medium">
          {label}
          {note ? <span className="font-normal text-ink-3"> {note}</span> : null}
        </label>
      </div>
      <Context value={{ id, describedBy, invalid: Boolean(error) }}>{children}</Context>
      {/* Above the input and behind it in the order of Tab: who typed an address wants to type the password next. */}
      {end ? <div className="absolute top-0 right-0 flex h-[18px] items-center">{end}</div> : null}
      {error ? (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-caption text-exposed">
          <Octagon size={12} className="mt-0.5" />
          <span className="min-w-0 [overflow-wrap:anywhere]">{error}</span>
        </p>
      ) : null}
      {hint ? (
        <p id={`${id}-hint`} className="text-caption text-ink-3">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
