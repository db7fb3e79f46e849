import { Info } from "lucide-react";
import { StatusIcon } from "@/components/status/status";
import { TextLink } from "@/components/ui/text-link";
import type { AttentionItem } from "@/lib/monitoring/schemas";

/** What a person should look at, each with one place to go. `isCalm`: the verdict above asks for nothing either. */
export function AttentionList({ items, isCalm }: { items: readonly AttentionItem[]; isCalm: boolean }) {
  if (items.length === 0) return <p className="py-3 text-table text-ink-2">{isCalm ? "Nothing needs you now." : "Nothing else needs you now."}</p>;
  return (
    <ul>
      {items.map(({ id, state, title, detail, toolOutput, action }) => (
        <li key={id} className="grid grid-cols-[16px_1fr_auto] items-start gap-3 border-b border-line py-3 text-table last:border-b-0">
          {state ? <StatusIcon state={state} label className="mt-0.5" /> : <Info size={16} strokeWidth={1.75} role="img" aria-label="Advice" className="mt-0.5 text-ink-3" />}
          <div className="min-w-0 [overflow-wrap:anywhere]">
            <span className="font-medium">{title}</span>
            <div className="text-ink-2">
              {detail} {toolOutput ? <code>{toolOutput}</code> : null}
            </div>
          </div>
          <TextLink href={action.href} aria-label={`${action.label}: ${title}`} className="-my-1 touch:-my-3 touch:py-3">
            {action.label}
          </TextLink>
        </li>
      ))}
    </ul>
  );
}
