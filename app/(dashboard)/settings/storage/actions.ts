"use server";

import { action } from "@/lib/action";
import { addStore, removeStore, startCheckStore, updateStore } from "@/lib/stores/manage";
import { AddStoreInput, StoreIdInput, UpdateStoreInput } from "@/lib/stores/schemas";

export const addStoreAction = action({ name: "store.add", input: AddStoreInput, role: "admin" }, addStore);
export const updateStoreAction = action({ name: "store.change", input: UpdateStoreInput, role: "admin" }, updateStore);
export const removeStoreAction = action({ name: "store.remove", input: StoreIdInput, role: "admin" }, removeStore);
export const checkStoreAction = action({ name: "store.test", input: StoreIdInput, role: "operator" }, startCheckStore);
