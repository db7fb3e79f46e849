import { afterEach, describe, expect, it, vi } from "vitest";
import { seal, unseal } from "./seal";

const channel = { id: "c1", name: "Ops" };
afterEach(() => vi.unstubAllEnvs());

describe("seal", () => {
  it("opens what it sealed, and never makes the same twice", () => {
    const secret = { url: "https://hooks.example/T0/B0/xyz", signingSecret: "0123456789abcdef" };
    const one = seal(secret, channel.id);
    expect(unseal(one, channel)).toEqual(secret);
    expect(one).not.toBe(seal(secret, channel.id));
    expect(one).not.toContain("xyz");
  });
  it("opens for no other channel", () => expect(() => unseal(seal({ password: "p" }, "c2"), channel)).toThrow(expect.objectContaining({ code: "alert.secret_unreadable" })));
  it("says so under another AUTH_SECRET", () => {
    const sealed = seal({ password: "p" }, channel.id);
    vi.stubEnv("AUTH_SECRET", "another-secret-that-only-tests-use");
    expect(() => unseal(sealed, channel)).toThrow(expect.objectContaining({ code: "alert.secret_unreadable", message: expect.stringContaining("another AUTH_SECRET") as string }));
  });
  it("refuses a sealed text of which any part was changed", () => {
    const parts = seal({ password: "p" }, channel.id).split(".");
    parts.forEach((part, index) => {
      const changed = parts.with(index, `${part.startsWith("A") ? "B" : "A"}${part.slice(1)}`).join(".");
      expect(() => unseal(changed, channel), `part ${index}`).toThrow(expect.objectContaining({ code: "alert.secret_unreadable" }));
    });
  });
  it("needs a key", () => {
    vi.stubEnv("AUTH_SECRET", "");
    expect(() => seal({ password: "p" }, channel.id)).toThrow(expect.objectContaining({ code: "alert.no_key" }));
  });
});
