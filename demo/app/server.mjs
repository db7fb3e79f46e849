// The application whose database the demo protects: a page of prices out of PostgreSQL, and GET /health for whoever has to
// know that it reads its database.
import http from "node:http";
import { page, unavailablePage } from "./page.mjs";
import { ask } from "./postgres.mjs";

const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PORT } = process.env;
const server = { host: PGHOST, port: Number(PGPORT ?? 5432), user: PGUSER, password: PGPASSWORD, database: PGDATABASE };

const counts = `SELECT (SELECT count(*) FROM price_items) AS price_items, (SELECT count(*) FROM vendors) AS vendors,
  (SELECT count(*) FROM projects) AS projects, (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM pipeline_runs) AS pipeline_runs`;
const recentRuns = `SELECT pipeline, status, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS started, rows_written, message
  FROM pipeline_runs ORDER BY started_at DESC LIMIT 8`;
const prices = `SELECT description, vendor, classification_code, unit, unit_price, currency FROM pricing.current_prices
  WHERE description ILIKE '%' || $1::text || '%' ORDER BY id LIMIT 25`;

/** In a LIKE pattern these three mean something, and people type them for what they are. */
const literal = (text) => text.replace(/[\\%_]/g, "\\$&");

async function answer(url) {
  if (url.pathname === "/health") {
    const [[row]] = await ask(server, [["SELECT count(*) AS price_items FROM price_items"]]);
    return ["application/json", JSON.stringify({ status: "ok", priceItems: Number(row.price_items) })];
  }
  const search = (url.searchParams.get("q") ?? "").trim().slice(0, 100);
  const [[totals], runs, items] = await ask(server, [[counts], [recentRuns], [prices, literal(search)]]);
  return ["text/html; charset=utf-8", page({ counts: totals, runs, items, search })];
}

const web = http.createServer(async (request, response) => {
  const url = new URL(request.url, "http://bimcalc");
  if (!["/", "/health"].includes(url.pathname)) return response.writeHead(404).end("Not found");
  try {
    const [type, body] = await answer(url);
    response.writeHead(200, { "content-type": type }).end(body);
  } catch (error) {
    console.error(error.message);
    if (url.pathname === "/health") response.writeHead(503, { "content-type": "application/json" }).end('{"status":"database unavailable"}');
    else response.writeHead(503, { "content-type": "text/html; charset=utf-8" }).end(unavailablePage());
  }
});
web.listen(Number(PORT ?? 8001), () => console.log(`BIMCalc listens on ${PORT ?? 8001}`));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => web.close(() => process.exit(0)));
