import type { Metadata } from "next";
import { Refused } from "@/components/account/refused";
import { Section } from "@/components/ui/section";
import { guardedPage } from "@/lib/auth/page";
import { SettingsPage } from "../settings-page";
import { ImportHistory } from "./import-history";
import { ImportSettings } from "./import-settings";

export const metadata: Metadata = { title: "Import" };

export default async function ImportPage() {
  const page = await guardedPage({ role: "admin", attempt: "settings.open_import" });
  if (!page.ok) {
    return (
      <SettingsPage title="Import">
        <Refused error={page.error} />
      </SettingsPage>
    );
  }
  const databases = await page.ctx.db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, select: { id: true, name: true } });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <SettingsPage title="Import">
      <Section first id="settings" title="Settings of the backup scripts">
        <p className="mb-3 max-w-[72ch] text-table text-ink-2">What <code>config/backup_config.sh</code> says, and what each line becomes here. The file is read and never run; nothing changes before you choose.</p>
        <ImportSettings databases={databases} zone={zone} />
      </Section>
      <Section id="history" title="Their history">
        <p className="mb-3 max-w-[72ch] text-table text-ink-2">The runs in <code>logs/backup.log</code>, as entries of the audit log that are marked as imported. They are what the script said of itself: none of them counts as a proof, and no target is met by them.</p>
        <ImportHistory zone={zone} />
      </Section>
      <datalist id="import-zones">
        {["UTC", ...Intl.supportedValuesOf("timeZone").filter((one) => one !== "UTC")].map((one) => <option key={one} value={one} />)}
      </datalist>
    </SettingsPage>
  );
}
