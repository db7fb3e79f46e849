"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";

/** The pages of one area at the left, the page at the right; on a phone a row that scrolls, with the current one in sight. */
export function SettingsNav({ label, items, children }: { label: string; items: readonly { href: string; label: string }[]; children: ReactNode }) {
  const path = usePathname() ?? "";
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const nav = row.current;
    const current = nav?.querySelector("[aria-current]");
    if (!nav || !current) return;
    // Tells of the first size, too. Only the row moves: scrolling the link into view could move the page as well.
    const sized = new ResizeObserver(() => {
      const [outer, inner] = [nav.getBoundingClientRect(), current.getBoundingClientRect()];
      nav.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
    });
    sized.observe(nav);
    return () => sized.disconnect();
  }, [path]);
  return (
    <div className="grid grid-cols-[168px_minmax(0,1fr)] gap-10 max-sm:grid-cols-1 max-sm:gap-4 max-lg:gap-6">
      <nav ref={row} aria-label={label} className="-ml-2 grid content-start gap-0.5 max-sm:-mx-4 max-sm:flex max-sm:overflow-x-auto max-sm:px-4 max-sm:py-1">
        {items.map(({ href, label: text }) => (
          <Link
            key={href}
            href={href}
            aria-current={path === href || path.startsWith(`${href}/`) ? "page" : undefined}
            className="flex h-[30px] shrink-0 items-center rounded-control px-2 text-[13.5px] font-medium text-ink-2 hover:bg-hover aria-[current]:bg-surface aria-[current]:text-ink aria-[current]:shadow-[0_0_0_1px_var(--line)] touch:h-11 touch:px-3"
          >
            {text}
          </Link>
        ))}
      </nav>
      <div className="max-w-[800px] min-w-0">{children}</div>
    </div>
  );
}
