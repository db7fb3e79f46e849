import type { Command } from "commander";
import { env } from "@/lib/env";
import type { Act } from "../act";
import { lookAtAutomation } from "../doctor/automation";
import { lookAtProtection } from "../doctor/databases";
import { exitCodeOfFindings, findingLines, type Finding } from "../doctor/finding";
import { lookAtMachine } from "../doctor/machine";
import { fileOf, lookAtRecord, lookAtService } from "../doctor/record";
import type { Home } from "../home";
import { openSession } from "../session";
import type { Done, Screen } from "../screen";

export function addDoctor(program: Command, act: Act): void {
  program
    .command("doctor")
    .summary("look at everything that has to work, and say how to mend what does not")
    .description("Looks at the program, the record, the worker, clocks, settings from a file, notifications, API tokens, schedules, retention, the Engine, each database and store, last backups and leftovers. Ends with 1 when there is a problem, with 9 when something could not be asked; a warning changes nothing of that. Only tests: a small file is written to each store and deleted again.")
    .action(act.bare(doctor));
}

async function doctor(home: Home, screen: Screen): Promise<Done> {
  const findings: Finding[] = await lookAtRecord(home, env.databaseUrl);
  findings.unshift(...(await lookAtMachine(home, fileOf(env.databaseUrl))));
  // What follows stands on the record; without it each line would only repeat that it cannot be read.
  if (findings.every(({ id, outcome }) => id !== "record" || outcome === "ok")) {
    const session = await openSession(home, screen);
    try {
      findings.push(...(await lookAtService(session)), ...(await lookAtAutomation(session)), ...(await lookAtProtection(session)));
    } finally {
      await session.close();
    }
  }
  const worst = exitCodeOfFindings(findings);
  return { data: { home: home.directory, findings }, text: findingLines(screen, findings), exitCode: worst };
}
