import { Archive, FlaskConical, Gauge, History, type LucideIcon, ListChecks, RotateCcw, ScrollText, Settings } from "lucide-react";

export interface NavItem {
  label: string;
  href: string;
  /** Paths that belong to it, when they are more than those under `href`. */
  under?: string;
  icon: LucideIcon;
  /** A gap above: another kind of page. */
  apart?: boolean;
}

/** The main pages, in order. A page is added here when it exists, and not before. */
export const nav: readonly NavItem[] = [
  { label: "Overview", href: "/", icon: Gauge },
  { label: "Backups", href: "/backups", icon: Archive },
  { label: "Restore", href: "/restore", icon: RotateCcw },
  { label: "Drills", href: "/drills", icon: FlaskConical },
  { label: "History", href: "/history", icon: History },
  { label: "Runs", href: "/runs", icon: ListChecks },
  { label: "Audit log", href: "/audit", icon: ScrollText },
  { label: "Settings", href: "/settings/databases", under: "/settings", icon: Settings, apart: true },
];

/** Whether the page at `path` belongs to an item. */
export function isCurrent(item: Pick<NavItem, "href" | "under">, path: string): boolean {
  const root = item.under ?? item.href;
  return root === "/" ? path === "/" : path === root || path.startsWith(`${root}/`);
}
