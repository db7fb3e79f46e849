import { Fragment } from "react";
import { cn } from "@/components/ui/cn";
import { breakable } from "@/lib/format/object-names";

/** The name of a table or another object of a database. It breaks between its words; inside one only where the word alone is too long for its line. */
export function ObjectName({ name, className }: { name: string; className?: string }) {
  return (
    <code className={cn("break-words", className)}>
      {breakable(name).map((part, index) => (
        <Fragment key={index}>
          {index > 0 ? <wbr /> : null}
          {part}
        </Fragment>
      ))}
    </code>
  );
}
