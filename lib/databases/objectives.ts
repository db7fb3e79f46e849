export const objectiveUnits = { minutes: 60, hours: 3_600, days: 86_400 } as const;
export type ObjectiveUnit = keyof typeof objectiveUnits;

/** An objective as a person writes it: the largest unit that leaves a whole number. */
export function splitObjective(seconds: number): { value: number; unit: ObjectiveUnit } {
  if (seconds % objectiveUnits.days === 0 && seconds >= 2 * objectiveUnits.days) return { value: seconds / objectiveUnits.days, unit: "days" };
  if (seconds % objectiveUnits.hours === 0) return { value: seconds / objectiveUnits.hours, unit: "hours" };
  return { value: Math.round((seconds / objectiveUnits.minutes) * 100) / 100, unit: "minutes" };
}

/** The seconds a written objective stands for; NaN for what is no number. */
export function joinObjective(value: string, unit: ObjectiveUnit): number {
  const figure = value.trim() === "" ? Number.NaN : Number(value.replace(",", "."));
  return Math.round(figure * objectiveUnits[unit]);
}
