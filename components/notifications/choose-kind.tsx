import Link from "next/link";
import { channelKinds } from "@/lib/alerts/schemas";
import { kindWords } from "@/lib/alerts/sentence";

/** The kinds of channels, each with what it is for. */
export function ChooseKind() {
  return (
    <ul className="overflow-clip rounded-panel border border-line bg-surface">
      {channelKinds.map((kind) => (
        <li key={kind} className="border-b border-line last:border-b-0">
          <Link href={`/settings/notifications/new?kind=${kind}`} className="block px-4 py-3.5 hover:bg-hover [--ring:inset_0_0_0_2px_var(--accent)]">
            <span className="block font-semibold">{kindWords[kind].title}</span>
            <span className="block text-table text-ink-2">{kindWords[kind].sub}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
