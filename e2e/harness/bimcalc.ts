import { startPostgres, type PostgresContainer, type PostgresOptions } from "@/lib/testing/containers";

/** Rows per table, as the server itself counts them. */
export type Counts = Record<string, number>;

const schema = `
create role bimcalc_app nologin;
create table projects (id int primary key, code text not null, currency char(3) not null default 'EUR');
create table price_items (id bigserial primary key, code text not null, description text not null, unit_price numeric(12,4), updated_at timestamptz not null default now());
create table bim_elements (id bigserial primary key, project_id int not null references projects, price_item_id bigint references price_items, quantity numeric(12,3));
create schema reporting;
create table reporting."Monthly totals" (month date primary key, total numeric(14,2));
create view reporting.priced as select e.id, p.description, e.quantity * p.unit_price as cost from bim_elements e join price_items p on p.id = e.price_item_id;
insert into projects select i, 'P-' || i from generate_series(1, 12) i;
insert into price_items (code, description, unit_price) select lpad(i::text, 6, '0'), 'Mauerwerk Größe ' || i || ' – ' || md5(i::text), i / 7.0 from generate_series(1, 2400) i;
insert into bim_elements (project_id, price_item_id, quantity) select 1 + i % 12, 1 + i % 2400, i / 3.0 from generate_series(1, 4321) i;
insert into reporting."Monthly totals" select date '2024-01-01' + (i || ' months')::interval, i * 1000 from generate_series(0, 23) i;
grant select on all tables in schema public to bimcalc_app;
analyze;`;

const started: PostgresContainer[] = [];

/** Removes the servers of this spec file, also when its preparation failed halfway. */
export async function removeServers(): Promise<void> {
  await Promise.all(started.splice(0).map((server) => server.stop()));
}

/** A PostgreSQL server with a small BIMCalc in it: keys, a second schema, a name that needs quotes, letters beyond ASCII. */
export async function startBimcalc(options: PostgresOptions = {}): Promise<PostgresContainer> {
  const server = await startPostgres({ database: "bimcalc", ...options });
  started.push(server);
  await server.psql(schema);
  return server;
}

/** Counts every table of a database by asking it, not by asking Holdfast. */
export async function countTables(server: PostgresContainer, database = server.database): Promise<Counts> {
  const names = await server.psql("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1", { database });
  const counts: Counts = {};
  for (const name of names.split("\n").filter(Boolean)) {
    counts[name.replaceAll('"', "")] = Number(await server.psql(`select count(*) from ${name}`, { database }));
  }
  return counts;
}

export const totalOf = (counts: Counts): number => Object.values(counts).reduce((sum, rows) => sum + rows, 0);
