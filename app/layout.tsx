import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "@/components/providers";
import "./globals.css";

export const metadata: Metadata = {
  title: { template: "%s · Holdfast", default: "Holdfast" },
  description: "Backs up PostgreSQL databases running in Docker, and proves that each backup restores.",
  icons: { icon: { url: "/favicon.svg", type: "image/svg+xml" } },
  // What a dashboard shows is nobody else's business.
  robots: { index: false, follow: false },
  referrer: "same-origin",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f3f5f5" },
    { media: "(prefers-color-scheme: dark)", color: "#0a0f10" },
  ],
};

/** Runs before anything is painted, so that a dark page never flashes white. Follows the system until a person chose. */
const setTheme = `(function(){var d=document.documentElement,m=matchMedia("(prefers-color-scheme: dark)");
function s(){var t=null;try{t=localStorage.getItem("theme")}catch(e){}
if(t!=="dark"&&t!=="light")t=m.matches?"dark":"light";d.dataset.theme=t}
s();m.addEventListener("change",s)})()`;

export default async function RootLayout({ children }: { children: ReactNode }) {
  // The content security policy lets no script run without it; see proxy.ts.
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    // The script sets data-theme before React looks, which would read as a mismatch.
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* In the browser it is only text: it has run by then, and React complains of scripts it draws itself. */}
        <script nonce={nonce} type={typeof window === "undefined" ? "text/javascript" : "text/plain"} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: setTheme }} />
      </head>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
