import { Banner } from "@/components/ui/banner";

/** What a new plan decides differently from the one that was shown before. */
export function PlanChanged({ changes }: { changes: readonly string[] }) {
  if (changes.length === 0) return null;
  return (
    <Banner tone="warning" live title="The plan is another one than before." className="mb-6">
      {changes.join(" ")} Look at it again before you confirm.
    </Banner>
  );
}
