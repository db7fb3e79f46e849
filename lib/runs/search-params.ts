import { z } from "zod";
import { choice, href, pageNumber, text } from "@/lib/url/query";
import { runKinds, runStatuses } from "./schemas";

/** The address of the list of runs. */
export const RunsParams = z.object({
  status: choice(runStatuses),
  kind: choice(runKinds),
  database: text(100),
  page: pageNumber,
});
export type RunsParams = z.output<typeof RunsParams>;

/** The list with some of its address changed. Any change but of the page leads to the first page. */
export function runsHref(params: RunsParams, change: Partial<RunsParams>): string {
  return href("/runs", { ...params, page: 1, ...change }, { page: 1 });
}

/** The list without filters; null when there are none. */
export function clearRunsHref(params: RunsParams): string | null {
  return params.status || params.kind || params.database ? runsHref(params, { status: null, kind: null, database: null }) : null;
}
