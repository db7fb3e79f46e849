import { describe, expect, it } from "vitest";
import { AppError, defineErrors, httpStatus, toPublicError } from "./errors";

const errors = defineErrors("backup", {
  empty_dump: {
    kind: "integrity",
    message: (d: { database: string; stderr: string }) => `The dump of ${d.database} is empty. Nothing was stored.`,
    hint: () => "Look at the server's log.",
  },
  gone: { kind: "not_found", message: (_: object) => "There is no such backup." },
});

describe("defineErrors", () => {
  it("makes errors that carry code, kind, message, hint, details and cause", () => {
    const cause = new Error("exec ended with 1");
    const error = errors.empty_dump({ database: "bimcalc", stderr: "" }, { cause });
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "backup.empty_dump", kind: "integrity", message: "The dump of bimcalc is empty. Nothing was stored.", hint: "Look at the server's log.", cause });
  });
});

describe("toPublicError", () => {
  it("shows a known error with the tool's own words, and nothing else of its details", () => {
    const shown = toPublicError(errors.empty_dump({ database: "bimcalc", stderr: "pg_dump: error: too many connections\n" }, { cause: new Error("secret") }));
    expect(shown).toEqual({
      code: "backup.empty_dump",
      kind: "integrity",
      message: "The dump of bimcalc is empty. Nothing was stored.",
      hint: "Look at the server's log.",
      toolOutput: "pg_dump: error: too many connections",
    });
  });

  it("leaves out what there is none of", () => {
    expect(toPublicError(errors.gone({}))).toEqual({ code: "backup.gone", kind: "not_found", message: "There is no such backup." });
  });

  it.each([new Error("password=hunter2"), "password=hunter2", null, undefined])("gives nothing away about %s", (thrown) => {
    const shown = toPublicError(thrown);
    expect(shown).toMatchObject({ code: "internal", kind: "internal" });
    expect(JSON.stringify(shown)).not.toContain("hunter2");
  });
});

describe("httpStatus", () => {
  it("answers 401 without a session and 403 without the role", () => {
    expect([httpStatus.unauthenticated, httpStatus.forbidden, httpStatus.not_found, httpStatus.internal]).toEqual([401, 403, 404, 500]);
  });
});
