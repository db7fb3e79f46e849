import Link from "next/link";
import { Button } from "@/components/ui/button";
import { count } from "@/lib/format/counts";

export interface PaginationProps {
  page: number;
  pages: number;
  /** The address of a page; keeps filters and sort. */
  href: (page: number) => string;
}

/** Where we are, and the way back and on. Links, so that a page has an address. */
export function Pagination({ page, pages, href }: PaginationProps) {
  return (
    <nav aria-label="Pages" className="flex items-center justify-between pt-3.5 text-table text-ink-3">
      <span>
        Page {count(page)} of {count(Math.max(1, pages))}
      </span>
      <div className="flex gap-2">
        <Step label="Previous" rel="prev" href={page > 1 ? href(page - 1) : null} />
        <Step label="Next" rel="next" href={page < pages ? href(page + 1) : null} />
      </div>
    </nav>
  );
}

function Step({ label, rel, href }: { label: string; rel: string; href: string | null }) {
  return (
    <Button asChild size="sm">
      {href ? (
        <Link href={href} rel={rel}>
          {label}
        </Link>
      ) : (
        // Stays in place, so that the other one does not move under the pointer.
        <span aria-disabled="true" role="link">
          {label}
        </span>
      )}
    </Button>
  );
}
