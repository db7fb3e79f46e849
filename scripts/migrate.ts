// Brings the metadata database to the schema of this version. Runs before web and worker start.
import path from "node:path";
import { migrate } from "@/lib/db/migrate";
import { env } from "@/lib/env";

const applied = await migrate(env.databaseUrl, path.resolve("prisma/migrations"));
if (applied.length > 0) console.log(`Metadata database migrated: ${applied.join(", ")}`);
