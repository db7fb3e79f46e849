import { readJson } from "@/lib/db/codecs";
import { StoredDrillPolicy, type DrillPolicy } from "./schemas";

/** A database's policy; null for one that was registered before there were drills and has none, so nothing happens by itself. */
export function drillPolicyOf({ drillPolicy }: { drillPolicy: string | null }): (DrillPolicy & { since: Date }) | null {
  const stored = readJson(StoredDrillPolicy, drillPolicy);
  return stored ? { ...stored, since: new Date(stored.since) } : null;
}
