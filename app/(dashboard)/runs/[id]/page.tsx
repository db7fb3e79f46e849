import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { Page } from "@/components/shell/page";
import { runStatusWord } from "@/components/status/run-status";
import { pageContext } from "@/lib/auth/page";
import { AppError } from "@/lib/errors";
import { count } from "@/lib/format/counts";
import { readRun } from "@/lib/runs/read";
import type { Query } from "@/lib/url/query";
import { atLeast } from "@/lib/users/schemas";
import { LiveRun } from "./live-run";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Query>;
}

/** Once for the title and the page. */
const find = cache(async (text: string, wholeLog: boolean) => {
  const ctx = await pageContext();
  const id = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  try {
    return { ctx, view: await readRun(ctx, { id, log: wholeLog ? "all" : undefined }) };
  } catch (error) {
    if (error instanceof AppError && error.kind === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { view } = await find((await params).id, (await searchParams)["log"] === "all");
  return { title: `${runStatusWord(view.status)} · ${view.title}` };
}

export default async function RunPage({ params, searchParams }: Props) {
  const wholeLog = (await searchParams)["log"] === "all";
  const { ctx, view } = await find((await params).id, wholeLog);
  const mayOperate = ctx.actor.kind === "user" && atLeast(ctx.actor.role, "operator");
  return (
    <Page crumbs={[{ label: "Runs", href: "/runs" }, { label: count(view.id) }]}>
      <LiveRun key={view.id} initial={view} wholeLog={wholeLog} mayOperate={mayOperate} />
    </Page>
  );
}
