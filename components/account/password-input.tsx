"use client";

import { type ComponentProps, type ReactNode, useState } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export interface PasswordInputProps extends Omit<ComponentProps<typeof Input>, "type"> {
  label: string;
  autoComplete: "current-password" | "new-password";
  hint?: ReactNode;
  error?: ReactNode;
}

/** A password that can be looked at: what cannot be seen gets mistyped, and five mistakes lock the account. */
export function PasswordInput({ label, hint, error, ...props }: PasswordInputProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      end={
        <button
          type="button"
          aria-pressed={shown}
          aria-label={`Show ${label.toLowerCase()}`}
          onClick={() => setShown(!shown)}
          className="-my-1 rounded-[3px] px-1 py-1 -mr-1 text-[13px]/[18px] font-medium text-accent hover:text-accent-hover hover:underline underline-offset-[3px] touch:-my-3.5 touch:min-h-11 touch:px-3 touch:-mr-3"
        >
          {shown ? "Hide" : "Show"}
        </button>
      }
    >
      <Input type={shown ? "text" : "password"} autoCapitalize="none" autoCorrect="off" spellCheck={false} {...props} />
    </Field>
  );
}
