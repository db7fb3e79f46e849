import type { LookAnswer } from "@/lib/look/schemas";
import { count, plural } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";

/** Rows as PostgreSQL writes them. Scrolls inside itself, in both directions. */
export function AnswerTable({ answer, caption, first = 1 }: { answer: LookAnswer; caption: string; first?: number }) {
  if (answer.columns.length === 0) return <p className="text-table text-ink-2">Done, without rows, in {duration(answer.ms)}.</p>;
  return (
    <>
      <div role="region" aria-label={caption} tabIndex={0} className="max-h-[60vh] overflow-auto rounded-panel border border-line">
        <table className="w-full border-collapse text-left font-mono text-[12.5px]/5">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              <th scope="col" className="sticky top-0 border-b border-line bg-sunken px-3 py-1.5 text-right font-normal text-ink-3">
                <span className="sr-only">Row</span>
              </th>
              {answer.columns.map((column, index) => (
                // Two columns may have one name.
                <th key={`${index}${column}`} scope="col" className="sticky top-0 border-b border-line bg-sunken px-3 py-1.5 font-medium whitespace-nowrap">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.rows.map((row, index) => (
              <tr key={first + index} className="align-top odd:bg-surface even:bg-sunken">
                <td className="px-3 py-1 text-right text-ink-3">{count(first + index)}</td>
                {row.map((value, column) => (
                  <td key={column} className="px-3 py-1">
                    <div className="w-max max-w-[360px] break-words whitespace-pre-wrap">{value === null ? <i className="text-ink-3">null</i> : value}</div>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p role="status" className="mt-2 text-caption text-ink-3">
        {plural(answer.rows.length, "row")} in {duration(answer.ms)}.
        {answer.limit === "rows" ? " There are more; an answer has at most these." : null}
        {answer.limit === "bytes" ? " There is more; an answer has at most 1 MiB." : null}
        {answer.isShortened ? " Long values are shortened." : null}
      </p>
    </>
  );
}
