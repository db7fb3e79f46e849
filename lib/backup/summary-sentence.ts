import { count, plural } from "@/lib/format/counts";

/** How many backups there are, by how far each can be trusted. */
export interface BackupsSummary {
  total: number;
  databases: number;
  proven: number;
  readable: number;
  intact: number;
  stored: number;
  broken: number;
  /** Cannot be looked at now, whatever was known of them. */
  unreachable: number;
  silentStores: string[];
}

/** "107 backups of 3 databases. 76 are proven, 8 readable, 23 cannot be checked while nas-vault is silent." */
export function summarySentence(summary: BackupsSummary): string {
  const { total, databases, proven, readable, intact, stored, broken, unreachable, silentStores } = summary;
  if (total === 0) return "Nothing is backed up yet.";
  const checked = [
    { many: readable, word: "readable" },
    { many: intact, word: "intact" },
    { many: stored, word: "only stored" },
  ].filter(({ many }) => many > 0);
  const rest = [
    ...(unreachable > 0 ? [`${count(unreachable)} cannot be checked while ${silentStores.join(" and ")} cannot be read`] : []),
    ...(broken > 0 ? [`${count(broken)} ${broken === 1 ? "is" : "are"} damaged or missing`] : []),
  ];
  const head = `${plural(total, "backup")} of ${plural(databases, "database")}.`;
  const lower = checked.map(({ many, word }) => `${count(many)} ${word}`);
  const parts =
    proven > 0
      ? [`${count(proven)} ${proven === 1 ? "is" : "are"} proven`, ...lower, ...rest]
      : checked.length > 0
        ? [`None is proven yet: ${lower.join(", ")}`, ...rest]
        : ["None is proven", ...rest];
  return `${head} ${parts.join(", ")}.`;
}
