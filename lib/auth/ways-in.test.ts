import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

/** What is not behind a session, and why that is right. */
const open: Readonly<Record<string, string>> = {
  "app/(entry)/sign-in/actions.ts signInAction": "makes the session",
  "app/(entry)/setup/actions.ts setupAction": "works only while there is nobody, with the link from the log",
  "app/(dashboard)/actions.ts signOutAction": "ends whatever session there is",
  "app/api/auth/[...nextauth]/route.ts": "the sign-in library's own",
  "app/api/health/route.ts": "says only whether the web process lives",
  "app/api/health/backups/route.ts": "asks for a token itself",
  "app/api/v1/openapi.json/route.ts": "the description of the API, the same for everybody",
  "app/api/metrics/route.ts": "asks for a token itself",
};

const under = (directory: string) => readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) => path.posix.join(directory, name)).filter((name) => /\.tsx?$/.test(name));
const files = under("app");
const read = (name: string) => readFileSync(name, "utf8");
const exported = /^export (?:async )?(?:function|const) (\w+)([^\n]*)/gm;

describe("every way in", () => {
  it("is an action that asks who is there, or is named here with its reason", () => {
    const actions = files.filter((name) => read(name).startsWith('"use server"'));
    expect(actions.length).toBeGreaterThan(10);
    const unguarded = actions.flatMap((name) => [...read(name).matchAll(exported)].filter(([, , rest = ""]) => !rest.startsWith(" = action({")).map(([, what]) => `${name} ${what}`));
    expect(unguarded.filter((one) => !(one in open))).toEqual([]);
  });

  it("is a route that asks who is there, or is named here with its reason", () => {
    const routes = files.filter((name) => /\/route\.tsx?$/.test(name));
    expect(routes.length).toBeGreaterThan(5);
    const unguarded = routes.filter((name) => {
      const ways = [...read(name).matchAll(exported)];
      return ways.length === 0 || ways.some(([, , rest = ""]) => !rest.startsWith(name.startsWith("app/api/v1/") ? " = route(" : " = handler({"));
    });
    expect(unguarded.filter((one) => !(one in open))).toEqual([]);
  });

  it("is a route of the Pages router that asks who is there, and before it takes anything whether a page of its own sent it", () => {
    const routes = under("pages/api");
    expect(routes.length).toBeGreaterThan(3);
    expect(under("pages")).toEqual(routes);
    expect(routes.filter((name) => !/await require(?:ContextFor|Downloader)\(req, res/.test(read(name)))).toEqual([]);
    expect(routes.filter((name) => read(name).includes("requireDownloader(")).filter((name) => !read(name).includes("requireContextFor(req, res"))).toEqual([]);
    // Only who is known can be written down as refused.
    const taking = routes.filter((name) => read(name).includes('req.method !== "POST"'));
    expect(taking.filter((name) => !/const ctx = await requireContextFor\(.*\n *await requireSameOrigin\(ctx, /.test(read(name)))).toEqual([]);
    expect(routes.filter((name) => !taking.includes(name) && !read(name).includes('req.method !== "GET" && req.method !== "HEAD"'))).toEqual([]);
  });

  it("is a page of the dashboard that asks who is there", () => {
    const pages = files.filter((name) => name.startsWith("app/(dashboard)/") && name.endsWith("/page.tsx"));
    expect(pages.length).toBeGreaterThan(15);
    // `findDrill` is that of the drill's folder; an address that leads nowhere shows nothing.
    const unguarded = pages.filter((name) => !/\b(?:pageContext|guardedPage|findDrill)\(/.test(read(name)));
    expect(unguarded).toEqual(["app/(dashboard)/[...rest]/page.tsx"]);
    expect(read("app/(dashboard)/drills/[id]/find-drill.ts")).toContain("pageContext(");
  });

  it("names no exception that is not there any more", () => {
    const present = Object.keys(open).filter((one) => {
      const [name = "", what] = one.split(" ");
      return files.includes(name) && (what === undefined || read(name).includes(what));
    });
    expect(present).toEqual(Object.keys(open));
  });
});
