import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import Link from "next/link";

/** No page, or none any more. */
export default function NotFound() {
  return (
    <Page crumbs={[{ label: "Not found" }]}>
      <PageHead title="There is nothing here" />
      <EmptyState
        kind="failed"
        title="This address leads to no page."
        action={
          <Button asChild size="sm">
            <Link href="/">Go to the overview</Link>
          </Button>
        }
      >
        What it led to may have been deleted, or the address is mistyped. No backup was touched by opening it.
      </EmptyState>
    </Page>
  );
}
