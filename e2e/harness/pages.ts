import type { Page } from "@playwright/test";
import { expect } from "./test";

/** Pages that are there in every state. */
export const everywhere = ["/", "/backups", "/restore", "/drills", "/history", "/history/report", "/runs", "/audit", "/settings/databases", "/settings/databases/new", "/settings/schedules", "/settings/retention", "/settings/storage", "/settings/notifications", "/settings/notifications/new", "/settings/notifications/new?kind=email", "/settings/configuration", "/settings/import", "/settings/users", "/settings/tokens", "/settings/account"];
/** As part of a picture's name. */
export const named = (address: string) => address.replace(/^\//, "").replace(/[/?=]/g, "-") || "overview";

/** The words of the worst state lead the title, and no other. */
export async function expectTitle(page: Page, state: "Exposed" | "Unknown" | "At risk" | null): Promise<void> {
  await expect.soft(page).toHaveTitle(state ? new RegExp(`^${state} · .+ · Holdfast$`) : /^(?!Exposed|Unknown|At risk).+ · Holdfast$/);
}
