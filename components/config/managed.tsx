import { FileLock } from "lucide-react";
import { TextLink } from "@/components/ui/text-link";

/** Says in the head of a card that a file decides what is in it. */
export function Managed({ file }: { file: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <FileLock size={14} strokeWidth={1.75} aria-hidden className="shrink-0" />
      <span className="[overflow-wrap:anywhere]">Managed by <TextLink href="/settings/configuration">{file}</TextLink></span>
    </span>
  );
}
