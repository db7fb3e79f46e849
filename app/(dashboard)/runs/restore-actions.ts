"use server";

import { action } from "@/lib/action";
import { startDropKept } from "@/lib/restore/drop-kept";
import { startResolve } from "@/lib/restore/resolve";
import { DropKeptInput, ResolveStagedInput, UndoRestoreInput } from "@/lib/restore/schemas";
import { startUndo } from "@/lib/restore/undo";

export const undoRestoreAction = action({ name: "restore.undo", input: UndoRestoreInput, role: "operator", permission: "restore" }, startUndo);
export const resolveStagedAction = action({ name: "restore.resolve", input: ResolveStagedInput, role: "operator", permission: "restore" }, startResolve);
export const dropKeptAction = action({ name: "restore.drop_kept", input: DropKeptInput, role: "operator", permission: "restore" }, startDropKept);
