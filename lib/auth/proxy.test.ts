import { NextRequest } from "next/server";
import { describe, expect, it } from "vitest";
import { config, proxy } from "@/proxy";

const ask = (path: string, init: { cookie?: string; method?: string } = {}) =>
  proxy(new NextRequest(new URL(path, "http://holdfast.example"), { method: init.method ?? "GET", headers: init.cookie ? { cookie: init.cookie } : {} }));
const session = "authjs.session-token=x";

describe("proxy", () => {
  it("sends people without a session to sign in, and back to where they wanted to be", () => {
    const answer = ask("/backups?status=proven");
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "http://holdfast.example/sign-in?from=%2Fbackups%3Fstatus%3Dproven"]);
    expect(ask("/").headers.get("location")).toBe("http://holdfast.example/sign-in");
  });

  it("answers 401 to calls without a session, never a redirect", async () => {
    const answer = ask("/api/shell");
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: "auth.signed_out" } });
  });

  it.each([
    ["/sign-in", {}],
    ["/setup?token=x", {}],
    ["/backups", { cookie: session }],
    ["/backups", { cookie: "__Secure-authjs.session-token.0=x" }],
    // A server action says itself that nobody is signed in, where the page can show it.
    ["/backups", { method: "POST" }],
  ])("lets %s through with %j", (path, init) => {
    expect(ask(path, init).headers.get("x-middleware-next")).toBe("1");
  });

  it("does not take a cookie that only looks like the session's", () => {
    expect(ask("/", { cookie: "my-authjs.session-token=x; authjs.session-tokens=x" }).status).toBe(307);
  });

  it("gives every answer a nonce of its own and the headers that keep others out", () => {
    const policies = [ask("/sign-in"), ask("/sign-in"), ask("/api/shell"), ask("/")].map(({ headers }) => headers.get("Content-Security-Policy") ?? "");
    expect(new Set(policies).size).toBe(4);
    for (const policy of policies) {
      expect(policy).toMatch(/script-src 'self' 'nonce-[0-9a-f]{32}' 'strict-dynamic';/);
      expect(policy).toContain("frame-ancestors 'none'");
    }
    expect(Object.fromEntries(ask("/").headers)).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "x-frame-options": "DENY" });
  });

  it("tells the page its nonce and its address, whatever the client claims", () => {
    const request = new NextRequest("http://holdfast.example/runs/7?tab=log", { headers: { cookie: session, "x-path": "/elsewhere", "x-nonce": "mine" } });
    const { headers } = proxy(request);
    expect(headers.get("x-middleware-request-x-path")).toBe("/runs/7?tab=log");
    expect(headers.get("Content-Security-Policy")).toContain(`'nonce-${headers.get("x-middleware-request-x-nonce")}'`);
  });
});

describe("the matcher", () => {
  const matches = (path: string) => new RegExp(`^${config.matcher[0]}$`).test(path);

  it.each(["/", "/backups", "/backups/8f1c/restore.sql", "/api/shell", "/api/runs/7", "/sign-in"])("covers %s", (path) => expect(matches(path)).toBe(true));
  it.each(["/_next/static/chunks/a.js", "/api/auth/csrf", "/api/health", "/api/health/backups", "/api/metrics", "/api/v1/backups", "/api/v1/backups/8f1c/verify", "/api/backups/8f1c/file", "/api/imports", "/favicon.svg"])("leaves %s alone", (path) => expect(matches(path)).toBe(false));
});
