import "server-only";
import { listDrills } from "@/lib/drill/list";
import { StartDisasterDrillInput, StartDrillInput } from "@/lib/drill/schemas";
import { startDisasterDrill, startDrill } from "@/lib/drill/start";
import { Drills } from "../answers";
import { ofDatabase, Paged } from "../inputs";
import { namedDatabase } from "../named-database";
import { operation, startsRun } from "../operation";

export const getDrills = operation(
  { attempt: "drill.list", method: "GET", path: "/drills", summary: "Drills, the newest first", scope: "read", input: Paged.extend(ofDatabase), answer: Drills },
  async (ctx, { databaseId, page }) => listDrills(ctx, { databaseId: namedDatabase(ctx, databaseId), page }),
);

export const postDrill = startsRun(
  { attempt: "drill.start", method: "POST", path: "/drills", summary: "Restore a backup in a throwaway container and compare it with what it must contain", scope: "drill", input: StartDrillInput },
  startDrill,
);

export const postDisasterDrill = startsRun(
  { attempt: "drill.start_disaster", method: "POST", path: "/drills/disaster", summary: "Take a fresh backup, lose a copy of the database, and restore it", scope: "drill", input: StartDisasterDrillInput },
  startDisasterDrill,
);
