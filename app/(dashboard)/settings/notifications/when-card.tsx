"use client";

import { useId } from "react";
import { SaveCard } from "@/components/databases/save-card";
import { Input } from "@/components/ui/input";
import type { AlertSettings } from "@/lib/alerts/schemas";
import { saveAlertSettingsAction } from "./actions";

export interface WhenCardProps {
  settings: AlertSettings;
  databases: readonly { id: string; name: string }[];
  mayChange: boolean;
  managedBy: string | null;
}

/** After how many hours without a success people are told, and how often what still holds is said again. */
export function WhenCard({ settings, databases, mayChange, managedBy }: WhenCardProps) {
  return (
    <SaveCard title="If nothing succeeds" note="Counts from the end of the last backup that succeeded, or from when the database was added." saveLabel="Save" mayChange={mayChange} managedBy={managedBy} save={(data) => saveAlertSettingsAction(read(data, databases))}>
      {(wrong) => (
        <ul className="-my-2">
          <HourRow name="nothing" label="Tell me if no backup succeeds for" value={settings.nothingHours} note="0 never says so" error={wrong["nothingHours"]?.[0]} />
          {databases.map(({ id, name }) => (
            <HourRow key={id} name={`own:${id}`} label={<>For <span className="[overflow-wrap:anywhere]">{name}</span></>} value={settings.ownHours[id] ?? null} note={settings.ownHours[id] === undefined ? "as above" : "of its own; empty as above"} error={wrong[`ownHours.${id}`]?.[0]} />
          ))}
          <HourRow name="repeat" label="Say again what still holds every" value={settings.repeatHours} note="0 never repeats" error={wrong["repeatHours"]?.[0]} />
        </ul>
      )}
    </SaveCard>
  );
}

function HourRow({ name, label, value, note, error }: { name: string; label: React.ReactNode; value: number | null; note: string; error: string | undefined }) {
  const id = useId();
  return (
    <li className="grid min-h-[46px] grid-cols-[minmax(0,280px)_max-content_1fr] items-center gap-x-3.5 border-b border-line py-1.5 last:border-b-0 max-sm:grid-cols-[1fr_max-content] max-sm:gap-y-1">
      <label htmlFor={id} className="font-medium">{label}</label>
      <span className="flex items-center gap-2">
        <Input id={id} name={name} figure inputMode="numeric" defaultValue={value ?? ""} aria-invalid={error ? true : undefined} aria-describedby={`${id}-note`} />
        <span className="text-ink-2">hours</span>
      </span>
      <span id={`${id}-note`} className="text-table text-ink-3 max-sm:col-span-2">{error ? <span className="text-exposed">{error}</span> : note}</span>
    </li>
  );
}

function read(data: FormData, databases: WhenCardProps["databases"]): AlertSettings {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const hours = (name: string) => (text(name) === "" ? Number.NaN : Number(text(name)));
  const own = databases.filter(({ id }) => text(`own:${id}`) !== "").map(({ id }) => [id, hours(`own:${id}`)] as const);
  return { nothingHours: hours("nothing"), ownHours: Object.fromEntries(own), repeatHours: hours("repeat") };
}
