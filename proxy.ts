import { NextResponse, type NextRequest } from "next/server";
import { hasSessionCookie } from "@/lib/auth/cookie";
import { contentSecurityPolicy, securityHeaders } from "@/lib/auth/security-headers";

/** Pages for people who are not signed in. */
const entryPages = ["/sign-in", "/setup"];

/**
 * Sends people without a session to the sign-in page, and gives every answer its security headers. It looks only for the
 * cookie: whether the session behind it counts is decided where something is read or done, never here.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");
  const signedOut = !hasSessionCookie(request.cookies.getAll().map(({ name }) => name));
  return withHeaders(signedOut ? (refusal(request) ?? next()) : next(), policy);

  function next(): NextResponse {
    const headers = new Headers(request.headers);
    // Next reads the nonce for its own scripts from here; the layout needs it for the theme script.
    headers.set("Content-Security-Policy", policy);
    headers.set("x-nonce", nonce);
    headers.set("x-path", pathname + search);
    return NextResponse.next({ request: { headers } });
  }
}

function refusal(request: NextRequest): NextResponse | null {
  const { pathname, search } = request.nextUrl;
  if (entryPages.includes(pathname)) return null;
  if (pathname.startsWith("/api/")) {
    const error = { code: "auth.signed_out", kind: "unauthenticated", message: "You are signed out.", hint: "Sign in again. Nothing was changed." };
    return NextResponse.json({ error }, { status: 401, headers: { "Cache-Control": "no-store" } });
  }
  // A server action answers for itself, with an error that the page can show.
  if (request.method !== "GET" && request.method !== "HEAD") return null;
  // Next sends it as a relative address, so it is right behind any proxy.
  const target = new URL("/sign-in", request.url);
  if (pathname !== "/") target.searchParams.set("from", pathname + search);
  return NextResponse.redirect(target);
}

function withHeaders(response: NextResponse, policy: string): NextResponse {
  response.headers.set("Content-Security-Policy", policy);
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
  return response;
}

// Left out: what needs no session, and what moves files. A request body that passes here is cut at 10 MB without a word, so
// downloads and uploads (api/backups, api/imports, api/uploads) authenticate in their own handlers. So does what programs ask with a
// token and without a cookie (api/v1, api/metrics, api/health).
export const config = {
  matcher: ["/((?!_next/static|_next/image|api/auth/|api/health|api/metrics|api/v1/|api/backups/|api/imports|api/uploads|[^/]+\\.(?:svg|png|ico|txt|webmanifest)$).*)"],
};
