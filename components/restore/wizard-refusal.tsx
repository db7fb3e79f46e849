import { Banner } from "@/components/ui/banner";

/** Why somebody may look at the wizard and not finish it. */
export function MayNotRestore({ className }: { className?: string }) {
  return (
    <Banner title="You may look, but not restore." className={className ?? ""}>
      Restoring is a permission of its own, because it replaces live data. An admin gives it to operators under Settings, Users.
    </Banner>
  );
}
