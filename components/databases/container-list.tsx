import { RadioGroup, RadioRow } from "@/components/ui/radio-row";
import { Tick } from "@/components/ui/shapes";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import type { Discovery, ServerAddress } from "@/lib/databases/schemas";

export type FoundContainer = Discovery["containers"][number];
/** The value of the row that is not a container. */
export const byHand = "";
/** Docker's words for a container that a start would bring up. */
const startable: ReadonlySet<string> = new Set(["exited", "created"]);

export interface ContainerListProps {
  containers: readonly FoundContainer[];
  chosen: string | null;
  onChoose: (name: string) => void;
  /** Addresses that were tested on this page without a failure. */
  tested: ReadonlySet<string>;
  registered: readonly Pick<ServerAddress, "container" | "databaseName">[];
}

/** The containers that run PostgreSQL, or would, and a row for naming one. */
export function ContainerList({ containers, chosen, onChoose, tested, registered }: ContainerListProps) {
  return (
    <RadioGroup label="Container">
      {containers.map((found) => {
        const isRunning = found.state === "running";
        const added = registered.filter(({ container }) => container === found.name).length;
        return (
          <RadioRow
            key={found.id}
            name="container"
            value={found.name}
            checked={chosen === found.name}
            onChange={() => onChoose(found.name)}
            disabled={!isRunning}
            title={found.name}
            sub={<>{[found.image, found.status.toLowerCase(), databasesOf(found)].filter(Boolean).join(" · ")}{isRunning && found.problem ? <span className="block text-ink-3">{found.problem}</span> : null}</>}
            end={
              !isRunning ? (
                startable.has(found.state) ? <>Start it to test it: <code>docker start {found.name}</code></> : <>It is {found.state}</>
              ) : tested.has(found.name) ? (
                <span className="inline-flex items-center gap-2 font-medium text-ink"><Tick className="text-protected" />Tested</span>
              ) : added > 0 ? (
                added >= found.databases.length ? "Added already" : `${plural(added, "database")} added`
              ) : (
                "Not tested"
              )
            }
          />
        );
      })}
      <RadioRow name="container" value={byHand} checked={chosen === byHand} onChange={() => onChoose(byHand)} title="Name one yourself" sub="A container that is not listed here, by its name or id." />
    </RadioGroup>
  );
}

const shownDatabases = 3;

function databasesOf({ databases }: FoundContainer): string {
  const named = databases.slice(0, shownDatabases).map(({ name, sizeBytes, tables }) => [name, sizeBytes === null ? null : bytes(sizeBytes), tables === null || databases.length > 1 ? null : plural(tables, "table")].filter(Boolean).join(", "));
  return [...named, databases.length > shownDatabases ? `${databases.length - shownDatabases} more databases` : null].filter(Boolean).join("; ");
}
