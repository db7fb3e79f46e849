import Link from "next/link";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** A link in running text or at the end of a row. The padding makes the target 24 px without moving the line. */
export function TextLink({ className, ...props }: ComponentProps<typeof Link>) {
  return <Link className={cn("rounded-[3px] py-1 font-medium text-accent underline-offset-[3px] hover:text-accent-hover hover:underline", className)} {...props} />;
}
