import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui/slot";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

const plain = "bg-raised text-ink inset-ring inset-ring-line-strong shadow-[var(--shadow-control)] hover:bg-hover [&_svg]:text-ink-3";

export const buttonStyles = cva(
  [
    "inline-flex shrink-0 items-center justify-center gap-[7px] rounded-control font-medium leading-none whitespace-nowrap no-underline select-none",
    "transition-colors duration-[120ms] [&_svg]:-ml-0.5",
    "aria-disabled:cursor-not-allowed aria-disabled:opacity-60 disabled:cursor-not-allowed disabled:opacity-60",
  ],
  {
    variants: {
      variant: {
        primary: "bg-accent text-on-accent shadow-[var(--shadow-control)] hover:bg-accent-hover",
        default: plain,
        quiet: "text-ink-2 hover:bg-hover hover:text-ink [&_svg]:text-ink-3",
        /** Only for the button that does the deed: replaces or destroys. */
        danger: "bg-danger text-on-danger shadow-[var(--shadow-control)] hover:bg-danger-hover",
        "danger-quiet": `${plain} text-exposed [&_svg]:text-exposed`,
      },
      size: {
        default: "h-8 px-3 text-[13.5px] touch:h-11 touch:text-[15px]",
        sm: "h-7 px-2.5 text-table touch:h-11",
        /** Foot of a dialog. */
        lg: "h-9 px-3.5 text-[13.5px] touch:h-12 touch:text-[15px]",
        icon: "size-8 p-0 touch:size-11 [&_svg]:m-0",
        /** The whole width, for entry pages. */
        wide: "h-10 w-full px-4 text-body touch:h-12 touch:text-[15px]",
      },
    },
    defaultVariants: { variant: "default", size: "default" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonStyles> {
  /** Hands the look to the only child, such as a link. */
  asChild?: boolean;
  /** Work is under way: stays focusable, says so, and takes no second press. */
  pending?: boolean;
}

/** A verb and its object: "Back up now". One primary per page. */
export function Button({ variant, size, asChild = false, pending = false, className, type, onClick, ...props }: ButtonProps) {
  const classes = cn(buttonStyles({ variant, size }), className);
  if (asChild) return <Slot className={classes} onClick={onClick} {...props} />;
  return (
    <button
      // A button inside a form that was not meant to send it is a bug we do not want to write twice.
      type={type ?? "button"}
      className={classes}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
      {...props}
    />
  );
}
