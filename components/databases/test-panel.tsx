"use client";

import type { ReactNode } from "react";
import { CheckList, type CheckListProps } from "@/components/status/check-list";
import { QuestionState } from "@/components/databases/question-state";
import type { Question } from "@/components/databases/use-question";
import { Time } from "@/components/time/time";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { duration } from "@/lib/format/durations";

interface Test {
  lines: CheckListProps["lines"];
  tookMs: number;
}

export interface TestPanelProps {
  title: string;
  question: Question<Test>;
  /** The last result on record, shown until there is a newer one. */
  before?: { check: Test; at: string } | null;
  /** While it is asked. */
  doing?: string;
  note?: ReactNode;
  children?: ReactNode;
}

/** A test of access: each line that was asked, how long it took, when. */
export function TestPanel({ title, question, before = null, doing = "Testing what a backup would need. Only reads.", note, children }: TestPanelProps) {
  const check = question.answer ?? before?.check ?? null;
  const at = question.answer ? question.at : (before?.at ?? null);
  return (
    <Panel className="mt-4" aria-busy={question.isAsking}>
      <PanelHead title={title} end={check && !question.isAsking ? <>{duration(check.tookMs)}{at ? <>, <Time at={at} /> UTC</> : null}</> : null} />
      {question.isAsking || question.error ? (
        <PanelBody>
          <QuestionState question={question} doing={doing} />
        </PanelBody>
      ) : check ? (
        <CheckList lines={check.lines} />
      ) : (
        <PanelBody className="text-table text-ink-2">Not tested yet.</PanelBody>
      )}
      {children ? <PanelFoot note={note}>{children}</PanelFoot> : null}
    </Panel>
  );
}
