"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { Managed } from "@/components/config/managed";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { ChannelState } from "@/components/notifications/channel-state";
import { TestResult } from "@/components/notifications/test-result";
import { Age } from "@/components/time/age";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import type { ChannelRow } from "@/lib/alerts/list";
import { plural } from "@/lib/format/counts";
import type { TestAnswer } from "@/lib/alerts/schemas";
import { kindWords } from "@/lib/alerts/sentence";
import type { PublicError } from "@/lib/errors";
import { removeChannelAction, testChannelAction } from "./actions";

/** One channel: whom it tells about what, whether that arrives, and what can be done with it. */
export function ChannelCard({ channel, now, mayChange, managedBy }: { channel: ChannelRow; now: string; mayChange: boolean; managedBy: string | null }) {
  const { id, name, kind, isOn, sentence, lastSentAt, refused, failing, givenUp, waiting, secretProblem } = channel;
  const router = useRouter();
  const [isTesting, setTesting] = useState(false);
  const [answer, setAnswer] = useState<TestAnswer | null>(null);
  const [error, setError] = useState<PublicError | null>(null);
  async function test() {
    setTesting(true);
    setAnswer(null);
    setError(null);
    try {
      const result = await testChannelAction({ channelId: id });
      if (result.ok) setAnswer(result.data);
      else setError(result.error);
    } catch {
      setError({ code: "no_answer", kind: "unavailable", message: "No answer came back, so it is not known whether the test arrived.", hint: "Look where it should have arrived." });
    } finally {
      setTesting(false);
    }
  }
  return (
    <Panel aria-label={name}>
      <PanelHead title={<span className="[overflow-wrap:anywhere]">{name}</span>} end={<ChannelState isOn={isOn} isFailing={failing !== null || secretProblem !== null} isPartly={refused.length > 0} hasSent={lastSentAt !== null} />} />
      <PanelBody className="grid gap-3.5">
        <p className="max-w-[72ch] [overflow-wrap:anywhere]">{sentence}</p>
        {secretProblem && mayChange ? <Banner tone="danger" title={secretProblem}>Start web and worker with the secret from before, or enter the secrets again.</Banner> : null}
        <FactList labelWidth={132}>
          {managedBy === null ? null : <Fact label="Decided by"><Managed file={managedBy} /></Fact>}
          <Fact label="Kind">{kindWords[kind].title}</Fact>
          <Fact label="Last arrived">{lastSentAt ? <Age at={lastSentAt} now={now} /> : "nothing yet"}</Fact>
          {failing ? (
            <Fact label="Does not arrive" sub={failing.reason ?? undefined}>
              since <Age at={failing.since} now={now} format="span" />, last tried <Age at={failing.at} now={now} />{failing.hasGivenUp ? "; given up" : ""}
            </Fact>
          ) : null}
          {refused.length > 0 ? (
            <Fact label="Refused for" sub={refused[0]?.answer ?? undefined}>
              <span className="[overflow-wrap:anywhere]">{refused.map(({ address }) => address).join(", ")}</span>: the others get what is sent
            </Fact>
          ) : null}
          {givenUp ? (
            <Fact label="Given up" sub="They never arrived, or not at everybody. They stand under What was sent, where they can be sent again.">
              {plural(givenUp.many, "message")} in 30 days, the last <Age at={givenUp.lastAt} now={now} />
            </Fact>
          ) : null}
          {waiting > 0 ? <Fact label="Waiting">{plural(waiting, "message")}</Fact> : null}
          {mayChange ? <Fact label="Test"><TestResult kind={kind} isTesting={isTesting} answer={answer} error={error} /></Fact> : null}
        </FactList>
      </PanelBody>
      {mayChange ? (
        <PanelFoot>
          {managedBy === null ? <ConfirmDialog
            trigger={<Button variant="danger-quiet">Remove</Button>}
            title={`Remove the channel ${name}`}
            consequences={[{ text: <><b>It tells nobody any more.</b>{waiting > 0 ? ` ${plural(waiting, "message")} that wait for it are dropped.` : ""}</> }]}
            safetyNet="What it was told stays on record."
            confirmLabel="Remove channel"
            onConfirm={() => removeChannelAction({ channelId: id })}
            onDone={() => {
              toast.success(`${name} was removed.`);
              router.refresh();
            }}
          /> : null}
          {managedBy === null ? <Button asChild><Link href={`/settings/notifications/${id}`}>Edit</Link></Button> : null}
          <Button onClick={() => void test()} pending={isTesting}>{isTesting ? "Testing…" : "Test"}</Button>
        </PanelFoot>
      ) : null}
    </Panel>
  );
}
