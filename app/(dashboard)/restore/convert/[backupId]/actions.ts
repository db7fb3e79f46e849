"use server";

import { action } from "@/lib/action";
import { InspectForeignInput, StartConvertInput } from "@/lib/convert/schemas";
import { startConvert, startInspectForeign } from "@/lib/convert/start";

export const inspectForeignAction = action({ name: "backup.inspect", input: InspectForeignInput, role: "admin" }, startInspectForeign);
export const startConvertAction = action({ name: "backup.convert", input: StartConvertInput, role: "admin" }, startConvert);
