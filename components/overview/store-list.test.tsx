import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { StoreList } from "@/components/overview/store-list";

it("says that the first figure of a store is what is used", () => {
  const store = { id: "s", name: "local-disk", problem: null, checkedAt: "2026-09-22T09:14:00Z", totalBytes: 252 * 2 ** 30, freeBytes: 65 * 2 ** 30, backups: 1, use: [], fillsIn: null };
  expect(renderToStaticMarkup(<StoreList stores={[store]} />).replaceAll("\u00a0", " ")).toContain(">187 GiB of 252 GiB used<");
});
