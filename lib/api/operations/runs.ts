import "server-only";
import { z } from "zod";
import { cancelRun } from "@/lib/runs/cancel";
import { RunView } from "@/lib/runs/live";
import { listRuns } from "@/lib/runs/list";
import { readRun } from "@/lib/runs/read";
import { runKinds, runStatuses } from "@/lib/runs/schemas";
import { Runs } from "../answers";
import { ofDatabase, Paged, RunId } from "../inputs";
import { namedDatabase } from "../named-database";
import { operation } from "../operation";

export const getRuns = operation(
  { attempt: "run.list", method: "GET", path: "/runs", summary: "Runs, the newest first, 25 on a page", scope: "read", input: Paged.extend({ ...ofDatabase, status: z.enum(runStatuses).optional(), kind: z.enum(runKinds).optional() }), answer: Runs },
  async (ctx, { databaseId, status, kind, page }) => listRuns(ctx, { database: namedDatabase(ctx, databaseId), status: status ?? null, kind: kind ?? null, page }),
);

export const getRun = operation(
  { attempt: "run.read", method: "GET", path: "/runs/{runId}", summary: "One run: its status, steps, progress, log and error", scope: "read", input: RunId.extend({ log: z.literal("all").optional() }), answer: RunView },
  async (ctx, { runId, log }) => readRun(ctx, { id: runId, log }),
);

export const postCancel = operation(
  { attempt: "run.cancel", method: "POST", path: "/runs/{runId}/cancel", summary: "Ask a run to stop. Refused with 409 once it has begun what must be brought to its end", scope: "backup", input: RunId, answer: z.object({ runId: z.number().int() }) },
  cancelRun,
);
