import "server-only";
import { z } from "zod";
import { queryJson, type Server } from "./server";

const goneAfterMs = 30_000;

/** Ends every session of a run and waits until they are gone, so that nothing of it can be committed after a look at what it did. `tag` is the run's. */
export async function endSessions(server: Server, tag: string): Promise<void> {
  const sql = `SELECT json_build_object('left', count(pg_catalog.pg_terminate_backend(pid))) FROM pg_catalog.pg_stat_activity WHERE application_name = :'name';`;
  for (const deadline = Date.now() + goneAfterMs; ; ) {
    const { left } = await queryJson(server, { what: "sessions of the run were ended", sql, schema: z.object({ left: z.number() }), variables: { name: `holdfast ${tag}` } });
    if (left === 0) return;
    if (Date.now() > deadline) throw new Error(`${left} sessions of a run that is over do not end`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
