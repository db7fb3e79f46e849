import { WizardPath } from "@/components/ui/wizard-path";

const steps = ["From", "Choose", "Stage", "Compare", "Result"] as const;

/** Where in a restore of tables a page is. */
export function TablesPath({ step }: { step: (typeof steps)[number] }) {
  return <WizardPath label="Steps of a restore of tables" steps={steps} current={steps.indexOf(step)} />;
}
