import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { authErrors } from "./errors";
import { requireContext } from "./context";
import { handler } from "./handler";

vi.mock("./context", () => ({ requireContext: vi.fn() }));
const ctx = { actor: { name: "Maeve Byrne" } } as Context;
const ask = (route: ReturnType<typeof handler>, path = "/", params = {}) => route(new Request(new URL(path, "http://holdfast.example")), { params: Promise.resolve(params) });

describe("handler", () => {
  it("asks for the role under the attempt's name, and answers JSON that nobody keeps", async () => {
    vi.mocked(requireContext).mockResolvedValueOnce(ctx);
    const answer = await ask(handler({ role: "operator", attempt: "runs.read" }, async ({ actor }) => ({ by: actor.name })));
    expect(requireContext).toHaveBeenLastCalledWith(expect.objectContaining({ role: "operator", attempt: "runs.read" }));
    expect([answer.status, answer.headers.get("cache-control"), await answer.json()]).toEqual([200, "no-store", { by: "Maeve Byrne" }]);
  });

  it("parses path and query together, and the path wins", async () => {
    vi.mocked(requireContext).mockResolvedValue(ctx);
    const route = handler({ role: "viewer", attempt: "x", input: z.object({ id: z.coerce.number(), status: z.array(z.string()) }) }, async (_, input) => input);
    expect(await (await ask(route, "/?id=8&status=a&status=b", { id: "7" })).json()).toEqual({ id: 7, status: ["a", "b"] });
    const wrong = await ask(route, "/?status=a&status=b", { id: "seven" });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: { code: "invalid" } }]);
  });

  it.each([
    [authErrors.signed_out({}), 401, "auth.signed_out"],
    [authErrors.forbidden({ role: "viewer", needed: "admin" }), 403, "auth.forbidden"],
    [new Error("password=hunter2"), 500, "internal"],
  ])("answers %s with its status", async (error, status, code) => {
    vi.mocked(requireContext).mockRejectedValueOnce(error);
    const answer = await ask(handler({ role: "viewer", attempt: "x" }, async () => null));
    const text = await answer.text();
    expect([answer.status, JSON.parse(text)]).toMatchObject([status, { error: { code } }]);
    expect(text).not.toContain("hunter2");
  });

  it("sends a response as it is", async () => {
    vi.mocked(requireContext).mockResolvedValueOnce(ctx);
    expect((await ask(handler({ role: "viewer", attempt: "x" }, async () => new Response("a,b", { status: 203 })))).status).toBe(203);
  });
});
