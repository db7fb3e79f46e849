import { type State, states, stateWords } from "@/components/status/state";
import { StatusIcon } from "@/components/status/status";
import { Badge, type Tone } from "@/components/ui/badge";
import { count } from "@/lib/format/counts";

const tones = { exposed: "danger", unknown: "neutral", at_risk: "warning", running: "working", paused: "neutral", protected: "good" } as const satisfies Record<State, Tone>;

/** How many databases are in each state, worst first. A total would hide a bad one. */
export function Tally({ states: all }: { states: readonly State[] }) {
  return (
    <ul className="flex flex-wrap gap-x-[18px] gap-y-1 max-sm:gap-x-3.5">
      {states.map((state) => {
        const many = all.filter((one) => one === state).length;
        return many > 0 ? (
          <li key={state}>
            <Badge tone={tones[state]} icon={<StatusIcon state={state} />}>
              {count(many)} {stateWords[state].toLowerCase()}
            </Badge>
          </li>
        ) : null;
      })}
    </ul>
  );
}
