"use client";

import { useEffect } from "react";
import { useShellStatus } from "@/components/shell/live-status";
import type { ShellStatus } from "@/components/shell/schema";
import type { State } from "@/components/status/state";

/** A corner of the mark for each state that wants somebody to look. As drawn in components/ui/shapes.tsx, larger. */
const corners: Partial<Record<State, string>> = {
  exposed: '<path d="M15.8 12.6h5.4l4.3 4.3v5.4L21.2 26.6h-5.4l-4.3-4.3v-5.4z" transform="translate(.5 -.6)" fill="#d03a30"/><path d="m16.6 16.9 4.8 4.8m0-4.8-4.8 4.8" stroke="#fff" stroke-width="2" stroke-linecap="round"/>',
  at_risk: '<path d="M19 12.4 26 25H12z" fill="#c98a16" stroke="#c98a16" stroke-width="1.4" stroke-linejoin="round"/><path d="M19 17v3.6M19 23v.1" stroke="#fff" stroke-width="2" stroke-linecap="round"/>',
  unknown: '<circle cx="19" cy="19" r="6.6" fill="#fff" opacity=".9"/><circle cx="19" cy="19" r="5.6" fill="none" stroke="#59666b" stroke-width="2" stroke-dasharray="3 2.2"/>',
};

/** Puts the worst state into the tab's icon, where it is seen without looking at the page. */
export function LiveFavicon({ initial }: { initial: ShellStatus }) {
  const { status } = useShellStatus(initial);
  const corner = status.worst ? corners[status.worst] : undefined;
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!link) return;
    if (!corner) {
      link.href = "/favicon.svg";
      return;
    }
    // A neutral grey for the mark: an icon made of data cannot follow the browser's theme.
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26"><path d="M4 2h4v22H4zM18 2h4v22h-4z" fill="#6b7b80"/><path d="M8 11h10v4H8z" fill="#2a93a3"/>${corner}</svg>`;
    link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }, [corner]);
  return null;
}
