"use server";

import { action } from "@/lib/action";
import { retryDelivery } from "@/lib/alerts/outbox";
import { removeChannel, saveChannel } from "@/lib/alerts/save";
import { AlertSettings, ChannelIdInput, DeliveryIdInput, SaveChannelInput } from "@/lib/alerts/schemas";
import { saveAlertSettings } from "@/lib/alerts/settings";
import { testChannel } from "@/lib/alerts/test-channel";

export const saveChannelAction = action({ name: "alert.save_channel", input: SaveChannelInput, role: "admin" }, saveChannel);
export const removeChannelAction = action({ name: "alert.remove_channel", input: ChannelIdInput, role: "admin" }, removeChannel);
export const testChannelAction = action({ name: "alert.test_channel", input: ChannelIdInput, role: "admin" }, testChannel);
export const saveAlertSettingsAction = action({ name: "alert.change_settings", input: AlertSettings, role: "admin" }, saveAlertSettings);
export const retryDeliveryAction = action({ name: "alert.retry", input: DeliveryIdInput, role: "admin" }, retryDelivery);
