"use client";

import { useState } from "react";
import { passwordStrength } from "@/lib/users/password-strength";
import { PasswordInput, type PasswordInputProps } from "./password-input";

/** A new password with advice while it is typed. `guessable` is what an attacker knows: name and email. */
export function NewPasswordInput({ guessable = [], ...props }: Omit<PasswordInputProps, "autoComplete" | "hint"> & { guessable?: readonly string[] }) {
  const [value, setValue] = useState("");
  const { text } = passwordStrength(value, guessable);
  // An error says the same about an empty field, and louder.
  const hint = props.error && value === "" ? null : <span aria-live="polite">{text}</span>;
  return <PasswordInput {...props} autoComplete="new-password" hint={hint} onChange={(event) => setValue(event.target.value)} />;
}
