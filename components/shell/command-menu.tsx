"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import * as Dialog from "radix-ui/dialog";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { nav } from "@/components/shell/nav";
import { matchCommands } from "@/components/shell/match-commands";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";

export interface CommandItem {
  id: string;
  label: string;
  href: string;
  /** Heading it stands under: "Databases". */
  group: string;
  /** Quiet, at the right. */
  hint?: string;
  /** Other words that find it. */
  keywords?: string;
}

const pages: readonly CommandItem[] = nav.map(({ label, href }) => ({ id: `page:${href}`, label, href, group: "Pages" }));

/** Type a few letters, go there. Pages first, then what the frame was given. */
export function CommandMenu({ items, onClose }: { items: readonly CommandItem[]; onClose: () => void }) {
  const router = useRouter();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const found = matchCommands([...pages, ...items], query);

  function go(item: CommandItem) {
    onClose();
    router.push(item.href);
  }
  function move(to: number) {
    setActive(to);
    list.current?.querySelector(`[data-index="${to}"]`)?.scrollIntoView({ block: "nearest" });
  }
  function press(event: KeyboardEvent) {
    const last = found.length - 1;
    const chosen = found[active];
    if (event.key === "ArrowDown") move(active >= last ? 0 : active + 1);
    else if (event.key === "ArrowUp") move(active <= 0 ? Math.max(0, last) : active - 1);
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(Math.max(0, last));
    else if (event.key === "Enter" && chosen && !event.nativeEvent.isComposing) go(chosen);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[var(--scrim)]" />
        <Dialog.Content aria-describedby={undefined} className="fixed top-[14vh] left-1/2 z-50 flex max-h-[60vh] w-[560px] max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col overflow-hidden rounded-sheet bg-raised shadow-[var(--shadow-overlay)]">
          <Dialog.Title className="sr-only">Search or jump to</Dialog.Title>
          <div className="flex items-center gap-2.5 border-b border-line px-4">
            <Search size={16} strokeWidth={1.75} aria-hidden className="text-ink-3" />
            <input
              role="combobox"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
              aria-autocomplete="list"
              aria-label="Search or jump to"
              placeholder="Search or jump to"
              autoComplete="off"
              value={query}
              onChange={(event) => {
                setQuery(event.target.value);
                setActive(0);
              }}
              onKeyDown={press}
              // The whole box is the field; a ring inside it would only repeat the caret.
              className="h-12 min-w-0 flex-1 bg-transparent text-[15px] outline-none [--ring:none] touch:text-[16px]"
            />
            <Kbd>Esc</Kbd>
          </div>
          <div ref={list} id={`${id}-list`} role="listbox" aria-label="Results" className="overflow-y-auto p-1.5">
            {found.map((item, index) => (
              <div key={item.id}>
                {item.group !== found[index - 1]?.group ? <div aria-hidden className="px-2.5 pt-2 pb-1 text-caption text-ink-3">{item.group}</div> : null}
                <div
                  id={`${id}-${index}`}
                  data-index={index}
                  role="option"
                  aria-selected={index === active}
                  onClick={() => go(item)}
                  onPointerMove={() => setActive(index)}
                  className={cn("flex h-9 cursor-pointer items-center justify-between gap-3 rounded-[6px] px-2.5 text-[13.5px] touch:h-11", index === active && "bg-selected text-ink")}
                >
                  <span className="truncate font-medium">{item.label}</span>
                  {item.hint ? <span className="shrink-0 text-caption text-ink-3">{item.hint}</span> : null}
                </div>
              </div>
            ))}
          </div>
          <p role="status" className={cn("px-4 pb-4 text-table text-ink-2", found.length > 0 && "sr-only")}>
            {found.length > 0 ? `${found.length} found` : "Nothing here has that name."}
          </p>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
