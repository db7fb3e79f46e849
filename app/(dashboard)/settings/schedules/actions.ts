"use server";

import { action } from "@/lib/action";
import { pauseSchedule, removeSchedule, resumeSchedule, saveSchedule } from "@/lib/schedule/manage";
import { PauseScheduleInput, SaveScheduleInput, ScheduleOfInput } from "@/lib/schedule/schemas";

export const saveScheduleAction = action({ name: "schedule.save", input: SaveScheduleInput, role: "admin" }, saveSchedule);
export const pauseScheduleAction = action({ name: "schedule.pause", input: PauseScheduleInput, role: "operator" }, pauseSchedule);
export const resumeScheduleAction = action({ name: "schedule.resume", input: ScheduleOfInput, role: "operator" }, resumeSchedule);
export const removeScheduleAction = action({ name: "schedule.remove", input: ScheduleOfInput, role: "admin" }, removeSchedule);
