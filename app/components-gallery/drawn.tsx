import { Row } from "@/app/components-gallery/row";
import { ByteBars } from "@/components/charts/byte-bars";
import type { DayState } from "@/components/charts/days";
import { Gauge } from "@/components/charts/gauge";
import { Meter, Progress } from "@/components/charts/meter";
import { Strip, StripLegend } from "@/components/charts/strip";
import { LadderLarge } from "@/components/proof/ladder-large";
import { LadderSmall } from "@/components/proof/ladder-small";
import { stateMeanings, states } from "@/components/status/state";
import { RunStatusBadge } from "@/components/status/run-status";
import { StatusBadge, StatusIcon, stateText } from "@/components/status/status";
import { Age } from "@/components/time/age";
import { Figure } from "@/components/ui/stat-bar";
import { Tag } from "@/components/ui/badge";
import { runStatuses } from "@/lib/runs/schemas";

export function Statuses() {
  return (
    <Row title="Status" note="Shape, word, colour. Worst first, worst wins upward.">
      <div className="grid grid-cols-3 gap-x-7 gap-y-4 max-xl:grid-cols-2 max-sm:grid-cols-1">
        {states.map((state) => (
          <div key={state} className="flex items-start gap-3.5">
            <span className="w-[104px] shrink-0">
              <StatusBadge state={state} chip />
            </span>
            <span className="text-table text-ink-2">{stateMeanings[state]}</span>
          </div>
        ))}
      </div>
      <div className="mt-5 flex flex-wrap items-center gap-5">
        {states.map((state) => (
          <StatusBadge key={state} state={state} />
        ))}
        <StatusIcon state="exposed" size={30} label />
        <Tag>by hand</Tag>
      </div>
      <div className="mt-5 flex flex-wrap items-center gap-5">
        {runStatuses.map((status) => (
          <RunStatusBadge key={status} status={status} chip={status === "running" || status === "failed"} />
        ))}
      </div>
    </Row>
  );
}

export function Rungs({ now }: { now: string }) {
  const at = (minutes: number) => new Date(Date.parse(now) - minutes * 60_000).toISOString();
  return (
    <Row title="Proof ladder" note="Green only at the fourth rung. Below it the rungs are neutral.">
      <div className="flex flex-wrap gap-x-16 gap-y-4 text-table">
        <LadderSmall rung="stored" sub={<Age at={at(3)} now={now} />} />
        <LadderSmall rung="intact" sub={<Age at={at(2)} now={now} />} />
        <LadderSmall rung="readable" sub={<Age at={at(1)} now={now} />} />
        <LadderSmall rung="proven" sub={<Age at={at(430)} now={now} />} />
        <LadderSmall rung={null} sub="was proven 21 Sep" />
        <LadderSmall chip rung="proven" sub={<Age at={at(430)} now={now} />} />
      </div>
      <div className="mt-6 grid grid-cols-2 gap-x-12 gap-y-6 max-xl:grid-cols-1">
        <LadderLarge
          rungs={{
            proven: { state: "done", what: "Restored on postgres:16.4, own image, no network. 10 of 10 tables equal.", when: "22 Sep 02:06:31", took: "drill took 3 m 08 s" },
            readable: { state: "done", when: "22 Sep 02:03:20", took: "58 s" },
            intact: { state: "done", when: "22 Sep 02:02:19", took: "41 s" },
            stored: { state: "done", when: "22 Sep 02:01:36", took: "1 m 32 s" },
          }}
        />
        <LadderLarge
          rungs={{
            proven: { state: "todo", what: "after the drill", when: "about 09:47" },
            readable: { state: "now", what: "under way", when: "about 09:39" },
            intact: { state: "done", when: "09:37:02" },
            stored: { state: "done", when: "09:36:10" },
          }}
        />
        <LadderLarge />
        <LadderLarge
          rungs={{
            proven: { state: "todo", what: "cannot follow" },
            readable: { state: "broken", what: "pg_restore stopped at byte 1,204,224: the archive is damaged.", when: "09:37:02" },
            intact: { state: "done", when: "09:36:50" },
            stored: { state: "done", when: "09:36:10" },
          }}
        />
      </div>
    </Row>
  );
}

const pattern = "nnnpppbpppppmpppppxpbpppppppXu";
const letters: Record<string, DayState> = { n: "nothing", p: "proven", b: "backed_up", m: "missed", x: "resolved", X: "problem", u: "unknown" };

export function Charts({ now }: { now: string }) {
  const days = [...pattern].map((letter, index) => ({ at: new Date(Date.UTC(2026, 7, 24 + index)).toISOString(), state: letters[letter] ?? "unknown" }));
  const bars = Array.from({ length: 87 }, (_, second) => (second > 55 && second < 60 ? 0 : (8 + 5 * Math.sin(second / 7) + 2 * Math.sin(second / 3)) * 2 ** 20));
  return (
    <Row title="Strip and gauge" note="Ticks for time. One mark per day; the bar at two thirds is the target.">
      <div className="flex flex-wrap items-start gap-x-14 gap-y-5">
        <Strip label="bimcalc" days={days} />
        <div>
          <Figure of="24 h">7 h 14 m</Figure>
          <Gauge value={7.24} target={24} label="7 h 14 m of 24 h" />
        </div>
        <div>
          <Figure of="24 h" className={stateText("at_risk")}>
            21 h 10 m
          </Figure>
          <Gauge value={21.17} target={24} label="21 h 10 m of 24 h" />
        </div>
        <div>
          <Figure of="6 h" className={stateText("exposed")}>
            31 h 4 m
          </Figure>
          <Gauge value={31} target={6} label="31 h 4 m of 6 h" />
        </div>
      </div>
      <StripLegend className="mt-5" />
      <div className="mt-6 grid grid-cols-[2fr_1fr] gap-10 max-sm:grid-cols-1">
        <ByteBars perSecond={bars} endedAt={now} />
        <div className="grid content-start gap-4">
          <Meter label="113.4 of 200 GiB used" total={200} segments={[{ label: "bimcalc 37.8 GiB", value: 37.8 }, { label: "orders 75.6 GiB", value: 75.6 }]} />
          <Progress label="Checking copies" value={0.84} />
        </div>
      </div>
    </Row>
  );
}
