"use client";

import { useSingleKeys } from "@/components/shell/shell-context";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogClose, DialogContent, DialogFoot, initialFocus } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";

const shortcuts = [
  { keys: ["⌘K", "Ctrl K"], does: "Search or jump to a page or a database", single: false },
  { keys: ["/"], does: "Go to the search field of a list", single: true },
  { keys: ["?"], does: "Show this list", single: true },
  { keys: ["Esc"], does: "Close what is open", single: false },
] as const;

/** Lists every shortcut, and turns the single keys off. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [singleKeys, setSingleKeys] = useSingleKeys();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="Keyboard shortcuts"
        className="w-[440px]"
        foot={
          <DialogFoot>
            <DialogClose asChild>
              <Button size="lg" {...initialFocus} className="max-sm:col-span-2">
                Close
              </Button>
            </DialogClose>
          </DialogFoot>
        }
      >
        <dl className="text-table">
          {shortcuts.map(({ keys, does, single }) => (
            <div key={does} className="flex items-center justify-between gap-4 border-b border-line py-2 last:border-b-0">
              <dt className={single && !singleKeys ? "text-ink-3" : undefined}>
                {does}
                {single && !singleKeys ? ", off" : null}
              </dt>
              <dd className="flex gap-1.5">
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <Checkbox checked={singleKeys} onChange={(event) => setSingleKeys(event.target.checked)} hint="Turn them off if you press them by accident or speak to your computer.">
          Shortcuts of a single key
        </Checkbox>
      </DialogContent>
    </Dialog>
  );
}
