import { Banner } from "@/components/ui/banner";
import { Fact, FactList } from "@/components/ui/fact-list";
import { TextLink } from "@/components/ui/text-link";
import type { ConfigView } from "@/lib/config/read";
import type { ManagedPart } from "@/lib/config/schemas";

const parts = {
  address: { word: "address", href: (id) => `/settings/databases/${id}` },
  store: { word: "store", href: (id) => `/settings/databases/${id}` },
  objectives: { word: "targets", href: (id) => `/settings/databases/${id}` },
  options: { word: "options", href: (id) => `/settings/databases/${id}` },
  application: { word: "application", href: (id) => `/settings/databases/${id}` },
  drills: { word: "drill policy", href: (id) => `/drills/databases/${id}` },
  checks: { word: "own checks", href: (id) => `/drills/databases/${id}` },
  "schedules.backup": { word: "schedule", href: (id) => `/settings/schedules/${id}` },
  "schedules.drill": { word: "drill schedule", href: (id) => `/settings/schedules/${id}?kind=drill` },
  "schedules.disaster_drill": { word: "disaster drill schedule", href: (id) => `/settings/schedules/${id}?kind=disaster_drill` },
  "schedules.clean_up": { word: "clean-up schedule", href: (id) => `/settings/schedules/${id}?kind=clean_up` },
  "schedules.recheck": { word: "re-check schedule", href: (id) => `/settings/schedules/${id}?kind=recheck` },
  retention: { word: "retention", href: (id) => `/settings/retention?database=${id}` },
} as const satisfies Record<ManagedPart, { word: string; href: (databaseId: string) => string }>;

/** What the file decides, each with the way to its card, and what it does not decide any more. */
export function ConfigManages({ view }: { view: ConfigView }) {
  const { stores, databases, channels, notifications, handedBack } = view;
  const told = [...channels, ...(notifications ? ["when"] : [])];
  return (
    <div className="grid gap-4">
      {stores.length + databases.length + told.length > 0 ? (
        <FactList labelWidth={180}>
          {stores.length > 0 ? <Fact label="Stores" sub="name and directory"><TextLink href="/settings/storage">{stores.join(", ")}</TextLink></Fact> : null}
          {told.length > 0 ? <Fact label="Notifications"><TextLink href="/settings/notifications">{told.join(", ")}</TextLink></Fact> : null}
          {databases.map(({ id, name, parts: managed }) => (
            <Fact key={id} label={name}>
              <span className="flex flex-wrap gap-x-3">
                {managed.map((part) => <TextLink key={part} href={parts[part].href(id)}>{parts[part].word}</TextLink>)}
              </span>
            </Fact>
          ))}
        </FactList>
      ) : (
        <p className="text-table text-ink-2">Nothing yet: the file is there and names nothing.</p>
      )}
      {handedBack.length > 0 ? (
        <Banner title={`${handedBack.map(({ name }) => name).join(", ")} ${handedBack.length === 1 ? "is" : "are"} not in the file any more.`}>
          Nothing was removed: {handedBack.length === 1 ? "it is" : "they are"} protected as before, and decided in the browser again.
        </Banner>
      ) : null}
    </div>
  );
}
