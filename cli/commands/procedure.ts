import { Argument, type Command } from "commander";
import { z } from "zod";
import type { Act } from "../act";
import { backupProcedure } from "../procedures/backup";
import { restoreProcedure } from "../procedures/restore";
import { scheduleProcedure, scheduleWays, type ScheduleWay } from "../procedures/schedule";

/** What the procedures' scripts call. Not in the help: the scripts are the way to them. */
export function addProcedure(program: Command, act: Act): void {
  const group = program.command("procedure", { hidden: true }).summary("what the scripts of the procedures do");
  group.command("backup").argument("[directory]", "where it goes").summary("scripts/backup_postgres.sh").action(act.session((session, directory: string | undefined) => backupProcedure(session, directory)));
  group.command("restore").argument("<file>", "the backup's file").summary("scripts/restore_postgres.sh").action(act.session((session, file: string) => restoreProcedure(session, file)));
  group
    .command("schedule")
    .addArgument(new Argument("<way>", "how").choices(scheduleWays))
    .summary("scripts/setup_backup_schedule.sh")
    .option("--print", "only show what would be installed")
    .action(act.session((session, way: ScheduleWay, flags: unknown) => scheduleProcedure(session, way, Print.parse(flags))));
}

const Print = z.object({ print: z.boolean().default(false) });
