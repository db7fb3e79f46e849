import "server-only";
import type { Operation } from "./operation";
import * as audit from "./operations/audit";
import * as backups from "./operations/backups";
import * as databases from "./operations/databases";
import * as drills from "./operations/drills";
import * as restores from "./operations/restores";
import * as retention from "./operations/retention";
import * as runs from "./operations/runs";
import * as schedules from "./operations/schedules";

/** Everything that /api/v1 does, in the order in which its document lists it. */
export const operations: readonly Operation[] = [databases, backups, runs, restores, drills, schedules, retention, audit].flatMap((group) => Object.values(group));
