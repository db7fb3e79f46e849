import "server-only";
import { databaseErrors } from "@/lib/databases/errors";
import type { Context } from "@/lib/context";
import { findSchedule, listSchedules } from "@/lib/schedule/list";
import { pauseSchedule, removeSchedule, resumeSchedule, saveSchedule } from "@/lib/schedule/manage";
import { PauseScheduleInput, SaveScheduleInput, ScheduleOfInput } from "@/lib/schedule/schemas";
import { reaches } from "@/lib/tokens/reaches";
import { ScheduleAnswer, Schedules } from "../answers";
import { Nothing } from "../inputs";
import { operation } from "../operation";

/** The schedule as it is now, also after it was changed. */
async function readSchedule(ctx: Context, { databaseId, kind }: ScheduleOfInput) {
  const found = await findSchedule(ctx, databaseId, kind);
  if (!found) throw databaseErrors.not_found({});
  return found;
}

export const getSchedules = operation(
  { attempt: "schedule.list", method: "GET", path: "/schedules", summary: "What happens to each database by itself and when: backups, drills, clean-ups, rechecks; and what became of the last time", scope: "read", input: Nothing, answer: Schedules },
  async (ctx) => ({ rows: (await listSchedules(ctx)).filter(({ databaseId }) => reaches(ctx.actor, databaseId)) }),
);

export const getSchedule = operation(
  { attempt: "schedule.read", method: "GET", path: "/schedules/{databaseId}", summary: "One schedule of a database, of its backups unless another kind is named; null where it has none", scope: "read", input: ScheduleOfInput, answer: ScheduleAnswer },
  readSchedule,
);

export const putSchedule = operation(
  { attempt: "schedule.save", method: "PUT", path: "/schedules/{databaseId}", summary: "Give a database a schedule, or change it", scope: "manage", input: SaveScheduleInput, answer: ScheduleAnswer },
  async (ctx, input) => {
    await saveSchedule(ctx, input);
    return readSchedule(ctx, input);
  },
);

export const deleteSchedule = operation(
  { attempt: "schedule.remove", method: "DELETE", path: "/schedules/{databaseId}", summary: "Take a schedule away: from then on only people and programs start what it did", scope: "manage", input: ScheduleOfInput, answer: ScheduleAnswer },
  async (ctx, input) => {
    await removeSchedule(ctx, input);
    return readSchedule(ctx, input);
  },
);

export const postPause = operation(
  { attempt: "schedule.pause", method: "POST", path: "/schedules/{databaseId}/pause", summary: "Pause a schedule for a reason, for some hours or until it is resumed", scope: "backup", input: PauseScheduleInput, answer: ScheduleAnswer },
  async (ctx, input) => {
    await pauseSchedule(ctx, input);
    return readSchedule(ctx, input);
  },
);

export const postResume = operation(
  { attempt: "schedule.resume", method: "POST", path: "/schedules/{databaseId}/resume", summary: "Resume a paused schedule from its next time", scope: "backup", input: ScheduleOfInput, answer: ScheduleAnswer },
  async (ctx, input) => {
    await resumeSchedule(ctx, input);
    return readSchedule(ctx, input);
  },
);
