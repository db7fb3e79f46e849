import { Badge } from "@/components/ui/badge";
import { Bars, Ring, Tick, Triangle } from "@/components/ui/shapes";

/** Whether messages over a channel arrive, as far as that was seen. */
export function ChannelState({ isOn, isFailing, isPartly, hasSent }: { isOn: boolean; isFailing: boolean; isPartly: boolean; hasSent: boolean }) {
  if (!isOn) return <Badge tone="neutral" icon={<Bars size={14} />}>Off</Badge>;
  if (isFailing) return <Badge tone="warning" icon={<Triangle size={14} />}>Does not arrive</Badge>;
  if (isPartly) return <Badge tone="warning" icon={<Triangle size={14} />}>Partly sent</Badge>;
  if (hasSent) return <Badge tone="plain" icon={<Tick size={14} className="text-protected" />}>Arrives</Badge>;
  return <Badge tone="plain" className="text-ink-3" icon={<Ring size={14} />}>Nothing sent yet</Badge>;
}
