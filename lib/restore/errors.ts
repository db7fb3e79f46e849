import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { defineErrors } from "@/lib/errors";

const untouched = "The live database was not touched.";

interface InPlaceBroken {
  name: string;
  what: string;
  hasSafety: boolean;
  /** Only what stands behind the data failed, and a person may put it in place. */
  isWaiting: boolean;
}

/** The state of a container that is not there any more, though another one may have its name. */
export const removedState = "removed";

export const restoreErrors = defineErrors("restore", {
  no_backup: {
    kind: "not_found",
    message: (_: object) => "This backup is not there any more.",
    hint: () => "Choose another one.",
  },
  no_plan: {
    kind: "not_found",
    message: (_: object) => "There is no plan to confirm: it was not computed, or it failed.",
    hint: () => "Refresh the review.",
  },
  wrong_phrase: {
    kind: "invalid",
    message: (d: { name: string }) => `Type ${d.name} exactly as it is written, capitals included.`,
  },
  plan_changed: {
    kind: "conflict",
    message: (d: { name: string }) => `What would be done to ${d.name} is not what was on the screen any more. ${untouched}`,
    hint: () => "Look at the new plan and confirm that one.",
  },
  blocked: {
    kind: "precondition",
    message: (d: { what: string; detail: string }) => `${d.what}: ${d.detail.replace(/\.$/, "")}. ${untouched}`,
    hint: () => "The review shows what to do about it.",
  },
  changed_file: {
    kind: "integrity",
    message: (d: { key: string }) => `${d.key} is not the file that was stored: its SHA-256 is another one. ${untouched}`,
    hint: () => "Choose another backup, and verify this one to have it marked.",
  },
  load_failed: {
    kind: "integrity",
    message: (_: { stderr: string }) => `The backup could not be loaded into the staging database. ${untouched}`,
    hint: (d: { stderr: string }) => `${d.stderr.trim() ? "The tool's own words are below. " : ""}Another backup may load.`,
  },
  container_went_away: {
    kind: "unavailable",
    message: (d: { container: string; state: string }) => `The container ${d.container} stopped while the backup was being loaded: ${d.state}. ${untouched}`,
    hint: (d: { container: string; state: string }) => `${d.state === removedState ? `Make it anew, as it was` : `Start it with: docker start ${d.container}`}. What was staged is removed by itself once it answers; then restore again.`,
  },
  server_restarted: {
    kind: "unavailable",
    message: (d: { container: string }) => `PostgreSQL in ${d.container} was restarted while the backup was being loaded. ${untouched}`,
    hint: (d: { container: string }) => `See why: docker logs --tail 50 ${d.container}. Then restore again.`,
  },
  disk_filling: {
    kind: "unavailable",
    message: (d: { container: string; mount: string; freeBytes: number }) => `A volume of ${d.container} was filling up: ${bytes(d.freeBytes)} free at ${d.mount}. The restore stopped before it could harm the server. ${untouched}`,
    hint: () => "Free space there, or remove databases that earlier restores keep.",
  },
  differs: {
    kind: "integrity",
    message: (d: { differences: string[]; total: number }) => `The restored database does not hold what the backup must contain: ${d.differences.slice(0, 3).join("; ")}${d.total > 3 ? ` and ${d.total - 3} more` : ""}. ${untouched}`,
    hint: () => "The staging database was removed. Choose another backup.",
  },
  incomplete: {
    kind: "integrity",
    message: (d: { failures: string[] }) => `The rows are all there, but ${plural(d.failures.length, "thing")} behind them could not be made: ${d.failures.slice(0, 2).join("; ")}. ${untouched}`,
    hint: () => "The staging database is kept. Put it in place with what it lacks, or remove it and try again.",
  },
  properties_differ: {
    kind: "internal",
    message: (d: { names: string[] }) => `The staging database could not be made like the live one: ${d.names.join(", ")} differ. ${untouched}`,
    hint: () => "The role may lack a right. Nothing was renamed.",
  },
  in_place_broken: {
    kind: "integrity",
    // What failed was said of a restore beside a live database, and here there is none any more.
    message: (d: InPlaceBroken) => `${d.name} was dropped to make room, and the restore did not finish: ${d.what.replace(untouched, "").trim()} There is no database ${d.name} at this moment.`,
    hint: (d: InPlaceBroken) => {
      if (d.isWaiting) return "The rows are whole in the staging database: put that in place with what it lacks.";
      return d.hasSafety ? "Restore the backup labelled 'before restore', taken a moment earlier, or another one." : "Restore another backup. No backup of what was there was taken, as you chose.";
    },
  },
  unhealthy: {
    kind: "unavailable",
    message: (d: { name: string; url: string; detail: string; seconds: number }) => `${d.name} is restored and live, but the application did not come up within ${d.seconds} s: ${d.url} ${d.detail}.`,
    hint: () => "Look at the application's own log. Undo restore puts the database from before back.",
  },
  silent: {
    kind: "unavailable",
    message: (d: { name: string; stderr: string }) => `${d.name} is in place, but it does not answer a first query.`,
    hint: () => "The server's own words are below. Undo restore puts the database from before back.",
  },
  undone_unhealthy: {
    kind: "unavailable",
    message: (d: { name: string; why: string; now: string }) => `${d.why}, so ${d.name} is the database from before again, as the plan said. ${d.now}`,
    hint: () => "What was restored is kept until the time for undoing is over; Redo restore puts it in place again.",
  },
  application_down: {
    kind: "unavailable",
    message: (d: { name: string; container: string }) => `${d.name} is restored and live, but ${d.container} could not be started.`,
    hint: (d: { name: string; container: string }) => `Holdfast goes on trying. By hand: docker start ${d.container}`,
  },
  not_found: {
    kind: "not_found",
    message: (_: object) => "There is no such restore.",
  },
  nothing_to_undo: {
    kind: "conflict",
    message: (d: { name: string }) => `This restore of ${d.name} cannot be undone any more: the database from before is not kept, or a later restore took its place.`,
    hint: () => "Restore from a backup instead.",
  },
  nothing_kept: {
    kind: "conflict",
    message: (_: object) => "There is no database left of this restore to remove.",
  },
  kept_in_use: {
    kind: "conflict",
    message: (d: { name: string }) => `${d.name} could not be removed: a replication slot lives in it, or it has another name by now.`,
    hint: () => "Drop the slot first, or look at the restore again. Nothing was removed.",
  },
  not_waiting: {
    kind: "conflict",
    message: (_: object) => "This restore does not wait for a decision.",
  },
});
