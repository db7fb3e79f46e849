const escape = (value) => String(value ?? "").replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const number = (value) => Number(value).toLocaleString("en-IE");

const style = `
  :root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 15%, Canvas); --soft: color-mix(in srgb, CanvasText 60%, Canvas); }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 2rem 1.5rem 4rem; }
  header { display: flex; align-items: baseline; gap: 1rem; border-bottom: 2px solid #b4551d; }
  h1 { font-size: 1.4rem; margin: 0 0 .5rem; } h2 { font-size: 1rem; margin: 2rem 0 .5rem; } small, header p { color: var(--soft); }
  dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; margin: 1.5rem 0; }
  dt { color: var(--soft); } dd { font-size: 1.5rem; font-variant-numeric: tabular-nums; margin: 0; }
  table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; }
  th { color: var(--soft); font-weight: 500; } .n { font-variant-numeric: tabular-nums; text-align: right; }
  input { font: inherit; padding: .4rem .6rem; width: min(28rem, 70%); } button { font: inherit; padding: .4rem .9rem; }
  .failed { color: #c0392b; } `;

function table(heads, rows) {
  const head = heads.map(([title, kind]) => `<th class="${kind ?? ""}">${title}</th>`).join("");
  const body = rows.map((cells) => `<tr>${cells.map((cell, n) => `<td class="${heads[n][1] ?? ""}">${cell}</td>`).join("")}</tr>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function shell(content) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>BIMCalc</title><style>${style}</style></head><body><header><h1>BIMCalc</h1><p>Building costs from vendor prices</p></header>${content}</body></html>`;
}

/** The whole page from the rows that server.mjs asked for. */
export function page({ counts, runs, items, search }) {
  const figures = [["Price items", counts.price_items], ["Vendors", counts.vendors], ["Projects", counts.projects], ["Documents", counts.documents], ["Pipeline runs", counts.pipeline_runs]];
  return shell(`
<dl>${figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${number(value)}</dd></div>`).join("")}</dl>
<h2>Prices</h2>
<form><input name="q" value="${escape(search)}" placeholder="Concrete C30/37, Universal beam, EPDM …" aria-label="Search prices"> <button>Search</button></form>
${items.length === 0 ? `<p>No price matches “${escape(search)}”.</p>` : table([["Product"], ["Vendor"], ["Code"], ["Price", "n"], ["Per"]], items.map((item) => [
    escape(item.description), escape(item.vendor), `<small>${escape(item.classification_code)}</small>`, `${escape(item.unit_price)} ${escape(item.currency)}`, escape(item.unit)]))}
<h2>Recent pipeline runs</h2>
${table([["Pipeline"], ["State"], ["Started (UTC)"], ["Rows written", "n"]], runs.map((run) => [
    escape(run.pipeline), `<span class="${escape(run.status)}">${escape(run.status)}</span>${run.message ? `<br><small>${escape(run.message)}</small>` : ""}`, escape(run.started), number(run.rows_written)]))}`);
}

/** What people see while the database is away, as in the seconds of a restore. */
export function unavailablePage() {
  return shell("<h2>The database does not answer</h2><p>This page comes back as soon as it does.</p>");
}
