import { Search } from "lucide-react";
import Form from "next/form";
import { cn } from "@/components/ui/cn";

export interface SearchInputProps {
  /** Path the form goes to: the list's own. */
  action: string;
  /** Query parameter. */
  name?: string;
  value: string | null;
  /** Also the name of the field: "Search sentences". */
  placeholder: string;
  /** The other parameters of the list, kept as they are. The page number is not one of them. */
  keep?: Readonly<Record<string, string>>;
  className?: string;
}

/** Searches on Enter and puts the words into the URL. `/` moves here from anywhere on the page. */
export function SearchInput({ action, name = "q", value, placeholder, keep = {}, className }: SearchInputProps) {
  return (
    <Form action={action} role="search" scroll={false} className={cn("relative w-[230px] shrink-0 max-sm:w-60", className)}>
      {Object.entries(keep).map(([key, kept]) => (
        <input key={key} type="hidden" name={key} value={kept} />
      ))}
      <Search size={14} strokeWidth={1.75} aria-hidden className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-3" />
      <input
        // Another search means another field: what was typed and not sent does not linger.
        key={value ?? ""}
        type="search"
        name={name}
        defaultValue={value ?? ""}
        placeholder={placeholder}
        aria-label={placeholder}
        data-search=""
        autoComplete="off"
        className="h-[30px] w-full appearance-none rounded-control bg-raised pr-2 pl-[30px] text-table inset-ring inset-ring-control touch:h-11 touch:text-[16px]"
      />
    </Form>
  );
}
