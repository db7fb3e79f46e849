import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export interface ShapeProps {
  /** Edge in pixels. */
  size?: number | undefined;
  className?: string | undefined;
}

/** Always decoration: the word beside a shape is what is read out. */
function Shape({ size = 16, className, children }: ShapeProps & { children: ReactNode }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className={cn("shrink-0", className)}>
      {children}
    </svg>
  );
}

const cut = { className: "cut", fill: "none", strokeWidth: 1.7, strokeLinecap: "round", strokeLinejoin: "round" } as const;

/** Octagon with a cross: act now. */
export function Octagon(props: ShapeProps) {
  return (
    <Shape {...props}>
      <path d="M5.2.9h5.6l4.3 4.3v5.6l-4.3 4.3H5.2L.9 10.8V5.2L5.2.9Z" fill="currentColor" />
      <path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" {...cut} />
    </Shape>
  );
}

/** Triangle with a bar: act soon. */
export function Triangle(props: ShapeProps) {
  return (
    <Shape {...props}>
      <path d="M8 1.3c.5 0 .9.25 1.15.68l5.9 10.3c.5.9-.14 2-1.15 2H2.1c-1.01 0-1.65-1.1-1.15-2l5.9-10.3C7.1 1.55 7.5 1.3 8 1.3Z" fill="currentColor" />
      <path d="M8 5.6v3.6M8 11.5v.1" {...cut} />
    </Shape>
  );
}

/** Dashed circle: no evidence. */
export function DashedCircle(props: ShapeProps) {
  return (
    <Shape {...props}>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.7" strokeDasharray="2.7 2.17" />
    </Shape>
  );
}

/** Arc: work in progress. Stands still where motion is not wanted. */
export function Arc({ className, ...props }: ShapeProps) {
  return (
    <Shape {...props} className={cn("motion-safe:animate-[spin_1.4s_linear_infinite]", className)}>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeOpacity=".28" strokeWidth="2.2" />
      <path d="M8 2a6 6 0 0 1 6 6" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />
    </Shape>
  );
}

/** Two bars: a person turned it off. */
export function Bars(props: ShapeProps) {
  return (
    <Shape {...props}>
      <rect x="3" y="2.2" width="3.4" height="11.6" rx="1" fill="currentColor" />
      <rect x="9.6" y="2.2" width="3.4" height="11.6" rx="1" fill="currentColor" />
    </Shape>
  );
}

/** Disc with a tick: proven, and nothing less. */
export function Disc(props: ShapeProps) {
  return (
    <Shape {...props}>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m5 8.3 2.1 2.1L11.1 6" {...cut} />
    </Shape>
  );
}

/** A tick without a disc: one thing that was asked, and held. */
export function Tick(props: ShapeProps) {
  return (
    <Shape {...props}>
      <path d="M13.3 4 6 11.3 2.7 8" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </Shape>
  );
}

/** An empty ring: not begun. */
export function Ring(props: ShapeProps) {
  return (
    <Shape {...props}>
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
    </Shape>
  );
}

/** A ring with a bar: not done, on purpose. */
export function Slash(props: ShapeProps) {
  return (
    <Shape {...props}>
      <circle cx="8" cy="8" r="5.9" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M5.2 8h5.6" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </Shape>
  );
}
