import { describe, expect, it } from "vitest";
import { AuditParams, auditExportHref, auditHref, clearAuditHref, keptByAuditSearch } from "./search-params";

describe("the audit log's address", () => {
  it("has a first page and no filters by default", () => {
    expect(AuditParams.parse({})).toEqual({ q: null, who: null, action: null, database: null, outcome: null, range: null, page: 1 });
  });

  it("takes nonsense for nothing", () => {
    expect(AuditParams.parse({ action: "delete.everything", outcome: "x", range: "9y", page: "-3" })).toMatchObject({ action: null, outcome: null, range: null, page: 1 });
  });

  it("writes only what is set, and leads filters to the first page", () => {
    const params = AuditParams.parse({ who: "Maeve Byrne", page: "4" });
    expect(auditHref(params, { page: 5 })).toBe("/audit?who=Maeve+Byrne&page=5");
    expect(auditHref(params, { outcome: "failed" })).toBe("/audit?who=Maeve+Byrne&outcome=failed");
    expect(clearAuditHref(params)).toBe("/audit");
    expect(clearAuditHref(AuditParams.parse({ page: "2" }))).toBeNull();
  });

  it("exports what is shown", () => {
    expect(auditExportHref(AuditParams.parse({ range: "7d", page: "3" }), "csv")).toBe("/api/audit/export?range=7d&format=csv");
  });

  it("keeps filters through a search", () => {
    expect(keptByAuditSearch(AuditParams.parse({ q: "orders", outcome: "refused", page: "2" }))).toEqual({ outcome: "refused" });
  });
});
