"use server";

import { action } from "@/lib/action";
import { ApplyTablesInput, DropTablesInput, ExportTableInput, PlanApplyInput, PlanTablesInput, StageTablesInput, UndoTablesInput } from "@/lib/tables/schemas";
import { planApplyTables, startApplyTables, startDropTables, startExportTable, startPlanTables, startStageTables, startUndoTables } from "@/lib/tables/start";

const needed = { role: "operator", permission: "restore" } as const;

export const planTablesAction = action({ name: "tables.plan", input: PlanTablesInput, ...needed }, startPlanTables);
export const stageTablesAction = action({ name: "tables.stage", input: StageTablesInput, ...needed }, startStageTables);
export const planApplyTablesAction = action({ name: "tables.plan_apply", input: PlanApplyInput, ...needed }, planApplyTables);
export const applyTablesAction = action({ name: "tables.apply", input: ApplyTablesInput, ...needed }, startApplyTables);
export const undoTablesAction = action({ name: "tables.undo", input: UndoTablesInput, ...needed }, startUndoTables);
export const dropTablesAction = action({ name: "tables.drop", input: DropTablesInput, ...needed }, startDropTables);
export const exportTableAction = action({ name: "tables.export", input: ExportTableInput, ...needed }, startExportTable);
