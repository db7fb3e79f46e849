import { count, plural } from "@/lib/format/counts";
import type { DatabaseDrills } from "./list";

/** What the drills say together, worst first. */
export function drillsSentence(databases: readonly Pick<DatabaseDrills, "name" | "isOverdue" | "proven">[]): string {
  const overdue = databases.filter(({ isOverdue }) => isOverdue);
  const never = overdue.filter(({ proven }) => !proven);
  if (databases.length === 0) return "A drill proves that a backup restores, on a copy that nothing else can reach.";
  if (overdue.length === 0) return databases.length === 1 ? "A drill restored a backup of your database that is within its target." : `All ${plural(databases.length, "database")} have a backup within their target that a drill restored.`;
  const [first] = overdue;
  const which = overdue.length === 1 && first ? `${first.name} has` : `${count(overdue.length)} of ${plural(databases.length, "database")} have`;
  const what = never.length === overdue.length ? "no backup that a drill ever restored" : "no backup within the target that a drill restored";
  return `${which} ${what}. Until then it is not proven that they restore.`.replace("they restore", overdue.length === 1 ? "it restores" : "they restore");
}
