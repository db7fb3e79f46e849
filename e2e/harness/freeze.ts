import type { PostgresContainer } from "@/lib/testing/containers";

// The images have no pkill, so /proc is read. Only a session that copies a table out is a dump at work: counting selects.
const stopDumpingSession = `
i=0
while [ $i -lt 4000 ]; do
  i=$((i + 1))
  for d in /proc/[0-9]*; do
    if tr '\\000' ' ' < "$d/cmdline" 2>/dev/null | grep -q '^postgres: .* COPY'; then kill -s STOP "\${d#/proc/}" && exit 0; fi
  done
done
exit 1`;
const goOn = `for d in /proc/[0-9]*; do grep -q '^State:.T' "$d/status" 2>/dev/null && kill -s CONT "\${d#/proc/}"; done; exit 0`;
const dumping = `for d in /proc/[0-9]*; do tr '\\000' ' ' < "$d/cmdline" 2>/dev/null | grep -q '^[^ ]*pg_dump .*--snapshot=' && echo "\${d#/proc/}"; done; exit 0`;

/** Enough rows that a dump cannot be over before it is caught. */
export async function addReadings(server: PostgresContainer): Promise<void> {
  await server.psql("create table readings as select i as id, md5(i::text) || md5((i * 7)::text) as value from generate_series(1, 400000) i; analyze readings;");
}

/** Stops the server's side of the next dump in its middle, as a hanging disk does: the run goes on and no byte moves. */
export async function freezeNextDump(server: PostgresContainer): Promise<void> {
  const { exitCode } = await server.exec(["sh", "-c", stopDumpingSession], { user: "0" });
  if (exitCode !== 0) throw new Error("No dump came that could be stopped.");
}

/** Lets what was stopped go on. */
export async function thaw(server: PostgresContainer): Promise<void> {
  await server.exec(["sh", "-c", goOn], { user: "0" });
}

/** Process numbers of pg_dump inside the container. */
export async function dumpsIn(server: PostgresContainer): Promise<string[]> {
  return (await server.exec(["sh", "-c", dumping], { user: "0" })).stdout.split("\n").filter(Boolean);
}
