import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startBackup } from "@/lib/backup/start";
import { StartBackupInput } from "@/lib/backup/schemas";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { addStore } from "@/lib/stores/manage";
import { testCommandLine } from "./testing/command-line";

let cli: Awaited<ReturnType<typeof testCommandLine>>;
beforeEach(async () => {
  cli = await testCommandLine();
});
afterEach(() => cli.close());

describe("the command line itself", () => {
  it("shows its commands when it is asked nothing, and says that this was no command", async () => {
    const { code, out, err } = await cli.run([]);
    expect(code).toBe(2);
    expect(err).toContain("Commands:");
    expect(out).toBe("");
  });

  it("answers a mistake with what it was, as words or as JSON, on the same exit code", async () => {
    const words = await cli.run(["list", "--limit", "many"]);
    expect([words.code, words.out]).toEqual([2, ""]);
    expect(words.err).toContain("It takes a whole number from 1 to 10000.");
    const answer = await cli.run(["--json", "list", "--limit", "many"]);
    expect([answer.code, answer.err]).toEqual([2, ""]);
    expect(answer.json()).toMatchObject({ holdfast: 1, command: "list", ok: false, exitCode: 2, error: { code: "cli.usage", kind: "invalid" } });
  });

  it.each([["backpu"], ["status", "--nosuch"], ["show"], ["databases", "nosuch"]])("refuses %j", async (...argv) => {
    expect((await cli.run(argv)).code).toBe(2);
  });

  it("shows the usage of the very command, with its choices, and under the name of the script that called it", async () => {
    const said = async (...argv: string[]) => (await cli.run(argv)).err.split("\n")[1];
    expect(await said("procedure", "restore")).toBe("Usage: ./scripts/restore_postgres.sh <file>");
    expect(await said("procedure", "schedule")).toBe("Usage: ./scripts/setup_backup_schedule.sh [--print] cron|systemd|manual");
    expect(await said("show")).toMatch(/^Usage: holdfast show .*holdfast show --help says more\.$/);
    expect(await said("backpu")).toContain("holdfast --help lists the commands");
  });

  it("says its version and its help on standard output", async () => {
    expect(await cli.run(["--version"])).toMatchObject({ code: 0, err: "" });
    const help = await cli.run(["backup", "--help"]);
    expect([help.code, help.out.includes("--no-wait")]).toEqual([0, true]);
  });

  it("takes the options that all commands share before and after the command", async () => {
    for (const argv of [["--json", "runs"], ["runs", "--json"]]) expect((await cli.run(argv)).json()).toMatchObject({ command: "runs", ok: true, data: { total: 0, runs: [] } });
  });

  it("uses colours on a terminal only, and not where NO_COLOR is set", async () => {
    const asked = ["backup", "nosuch"];
    expect((await cli.run(asked, { isTTY: true })).err).toContain("\u001b[31m");
    expect((await cli.run(asked, { isTTY: true, env: { NO_COLOR: "1" } })).err).not.toContain("\u001b[3");
    expect((await cli.run(asked)).err).not.toContain("\u001b");
  });
});

describe("status", () => {
  it("has nothing to say of no database, and says so with its code", async () => {
    const { code, out } = await cli.run(["status"]);
    expect(code).toBe(3);
    expect(out).toContain("No database is registered yet.");
  });
});

describe("backup", () => {
  it("goes on behind a database whose backup cannot start, says which and why, and ends with its code", async () => {
    const ctx = await cli.as("admin");
    const { storeId } = await addStore(ctx, { name: "local-disk", path: `${cli.directory}/backups` });
    const register = async (name: string) => (await addDatabase(ctx, AddDatabaseInput.parse({ container: `${name}-postgres`, databaseName: name, role: name, storeId }))).databaseId;
    const databaseId = await register("busy");
    await register("idle");
    const { runId } = await startBackup(ctx, StartBackupInput.parse({ databaseId }));
    await cli.db.worker.create({ data: { id: "somewhere/1", startedAt: cli.clock.now(), heartbeatAt: cli.clock.now() } });
    const all = (await cli.run(["backup", "--all", "--no-wait", "--json"])).json();
    expect(all).toMatchObject({ exitCode: 6, data: { runs: [{ database: "busy", status: "not_started", error: { code: "run.already_active" } }, { database: "idle", status: "queued" }] } });
    expect(all.warnings).toEqual([expect.stringMatching(new RegExp(`^busy: .*${runId}`))]);
    // The only one that was asked for is the command's own failure.
    expect((await cli.run(["backup", "busy", "--no-wait", "--json"])).json()).toMatchObject({ ok: false, exitCode: 6, error: { code: "run.already_active" } });
  });
});
