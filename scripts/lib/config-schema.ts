// Writes the schema of holdfast.config.yaml that editors complete by. A test fails while the committed one is another.
import { writeFileSync } from "node:fs";
import { configJsonSchema } from "@/lib/config/json-schema";

writeFileSync("docs/holdfast.config.schema.json", `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
