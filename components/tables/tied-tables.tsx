import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { tableName, type TableRef } from "@/lib/tables/schemas";

const mostNamed = 6;

/** Tables that foreign keys tie to the chosen ones and that are not chosen. */
export function TiedTables({ tied, onAdd }: { tied: readonly TableRef[]; onAdd: () => void }) {
  if (tied.length === 0) return null;
  return (
    <Banner
      className="mb-3"
      title={tied.length === 1 ? "A foreign key ties another table to these." : `Foreign keys tie ${tied.length} other tables to these.`}
      action={
        <Button size="sm" onClick={onAdd}>
          {tied.length === 1 ? "Choose it too" : "Choose them too"}
        </Button>
      }
    >
      {tied.slice(0, mostNamed).map((table, index) => (
        <span key={tableName(table)}>
          {index > 0 ? ", " : null}
          <code>{tableName(table)}</code>
        </span>
      ))}
      {tied.length > mostNamed ? ` and ${tied.length - mostNamed} more` : null}. Rows that would be left without their counterpart stop a replacement, by name and before anything changes.
    </Banner>
  );
}
