import { cn } from "@/components/ui/cn";

/** The place of something on its way. Give it the height of what will stand there, so that nothing jumps. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("h-4 rounded-[5px] bg-mark-quiet/60 motion-safe:animate-pulse", className)} />;
}

/** A list on its way. */
export function SkeletonRows({ rows = 6, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-11 items-center gap-6 border-b border-line">
          <Skeleton className="w-32" />
          <Skeleton className="w-20" />
          <Skeleton className="ml-auto w-24" />
        </div>
      ))}
    </div>
  );
}
