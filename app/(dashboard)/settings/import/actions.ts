"use server";

import { action } from "@/lib/action";
import { ApplySettingsInput, SettingsImportInput } from "@/lib/imports/schemas";
import { applySettings, previewSettings } from "@/lib/imports/settings";

export const previewSettingsAction = action({ name: "settings.preview_import", input: SettingsImportInput, role: "admin" }, previewSettings);
export const applySettingsAction = action({ name: "settings.import", input: ApplySettingsInput, role: "admin" }, applySettings);
