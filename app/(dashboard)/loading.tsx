import { Page } from "@/components/shell/page";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";

/** While a page is put together. */
export default function Loading() {
  return (
    <Page crumbs={[{ label: "Loading" }]}>
      <Skeleton className="mt-1 mb-8 h-6 w-56" />
      <SkeletonRows />
    </Page>
  );
}
