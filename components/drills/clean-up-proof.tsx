import { Time } from "@/components/time/time";
import { Fact, FactList } from "@/components/ui/fact-list";
import { DashedCircle, Octagon, Tick } from "@/components/ui/shapes";
import type { CleanUp } from "@/lib/drill/schemas";
import { count } from "@/lib/format/counts";

/** That nothing of the drill is left, as the engine answered afterwards. */
export function CleanUpProof({ cleanUp }: { cleanUp: CleanUp | null }) {
  if (!cleanUp) return <p className="text-table text-ink-2">Nothing was set up, so there was nothing to remove.</p>;
  const { left, containers, volumes, at } = cleanUp;
  return (
    <FactList labelWidth={128}>
      <Fact label="Left over">
        <span className="inline-flex items-center gap-1.5 font-medium">
          {left === null ? <DashedCircle size={14} className="text-unknown" /> : left === 0 ? <Tick size={14} className="text-protected" /> : <Octagon size={14} className="text-exposed" />}
          {left === null ? "Not known: the engine did not answer" : left === 0 ? "0 containers and volumes" : `${count(left)} containers and volumes`}
        </span>
      </Fact>
      <Fact label="Asked"><Time at={at} format="full" /></Fact>
      <Fact label="Removed">
        {containers.length > 0 ? <span className="font-mono text-[12.5px]">{containers.join(", ")}</span> : "no container"}
        {volumes > 0 ? <span className="block text-caption text-ink-3">with {count(volumes)} {volumes === 1 ? "volume" : "volumes"}</span> : null}
      </Fact>
    </FactList>
  );
}
