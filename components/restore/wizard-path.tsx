import { WizardPath } from "@/components/ui/wizard-path";
import { wizardSteps } from "@/lib/restore/search-params";

/** Where in the wizard a page is. */
export function RestorePath({ step }: { step: (typeof wizardSteps)[number] }) {
  return <WizardPath label="Steps of a restore" steps={wizardSteps} current={wizardSteps.indexOf(step)} />;
}
