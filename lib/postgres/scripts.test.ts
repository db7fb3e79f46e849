import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveToSql } from "@/lib/convert/scripts";
import { archiveAsSql, decodeCustom, decodeDirectory, directoryAsSql, layArchive, loadPlain, loadStream, sequencesOfCustom } from "./scripts";

const system = "/usr/bin:/bin";
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-scripts-"));
  mkdirSync(path.join(directory, "bin"));
  for (const tool of ["rm", "mkdir", "df", "tail", "tr", "cut", "od"]) stub(tool, `PATH=${system} exec ${tool} "$@"`);
  for (const tool of ["zstd", "gzip", "cat", "tar", "pg_restore", "psql"]) stub(tool, takeAll);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const takeAll = `PATH=${system} cat >/dev/null`;

/** A program of this name where the scripts look for their tools, and nowhere else. */
function stub(name: string, text: string): void {
  writeFileSync(path.join(directory, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

const ways: Record<string, (tool: string) => void> = {
  "is missing": (tool) => rmSync(path.join(directory, "bin", tool)),
  "was killed": (tool) => stub(tool, "kill -9 $$"),
};

const work = () => path.join(directory, "work");
/** What runs its tools in a pipe: each in a shell of its own, which can be what does not get going. */
const piped: [string, string, string[], string[]][] = [
  ["decodeCustom", decodeCustom, ["zstd"], ["zstd", "pg_restore"]],
  ["decodeCustom of what is not packed", decodeCustom, ["none"], ["cat", "pg_restore"]],
  ["sequencesOfCustom", sequencesOfCustom, ["zstd"], ["pg_restore"]],
  ["archiveAsSql", archiveAsSql, ["zstd"], ["zstd", "pg_restore"]],
  ["loadStream", loadStream, ["zstd", "whole"], ["zstd", "pg_restore"]],
  ["loadStream of a head", loadStream, ["none", "head"], ["pg_restore"]],
  ["loadPlain", loadPlain, ["gzip", "as-it-is", "psql"], ["gzip", "psql"]],
  ["archiveToSql", archiveToSql, ["zstd"], ["zstd", "pg_restore"]],
];
const laid: [string, string, () => string[], string[]][] = [
  ["decodeDirectory", decodeDirectory, () => [work()], ["tar", "pg_restore"]],
  ["directoryAsSql", directoryAsSql, () => [work()], ["tar", "pg_restore"]],
  ["layArchive", layArchive, () => [work(), "tar"], ["tar"]],
  ["archiveToSql", archiveToSql, () => ["tar", work()], ["tar", "pg_restore"]],
];

function run(script: string, argv: readonly string[]): { status: number | null; stderr: string } {
  return spawnSync("/bin/sh", ["-c", script, "holdfast", ...argv], { input: "an archive", encoding: "utf8", env: { ...process.env, PATH: path.join(directory, "bin") } });
}

describe("a script that runs tools over a file", () => {
  const all = [...piped.map(([name, script, argv, tools]) => [name, script, () => argv, tools] as const), ...laid];

  it.each(all)("%s ends well where they do", (_, script, argv) => {
    expect(run(script, argv()).status).toBe(0);
  });

  it.each(all.flatMap(([name, script, argv, tools]) => tools.map((tool) => [name, tool, script, argv] as const)))("%s ends with 3 or 4 where %s refuses it", (_, tool, script, argv) => {
    stub(tool, `${takeAll}; exit 1`);
    const { status, stderr } = run(script, argv());
    expect([status, stderr]).toEqual([["pg_restore", "psql"].includes(tool) ? 4 : 3, ""]);
  });

  it.each(all.flatMap(([name, script, argv, tools]) => tools.flatMap((tool) => Object.keys(ways).map((way) => [name, tool, way, script, argv] as const))))("%s does not blame the file where %s %s, and names it", (_, tool, way, script, argv) => {
    ways[way]?.(tool);
    const { status, stderr } = run(script, argv());
    expect(status).toBe(7);
    expect(stderr).toMatch(new RegExp(`^holdfast:.* ${tool}=${way === "is missing" ? 127 : 137}\\b`, "m"));
  });

  it.each(piped.flatMap(([name, script, argv, tools]) => tools.map((tool) => [name, tool, script, argv] as const)))("%s does not blame the file where %s did not get going and left no exit code", (_, tool, script, argv) => {
    // As where the shell around it cannot fork: it ends without a word.
    stub(tool, "kill -9 $PPID");
    const { status, stderr } = run(script, argv);
    expect(status).toBe(7);
    expect(stderr).toMatch(new RegExp(`^holdfast:.* ${tool}=126\\b`, "m"));
  });

  it("does not mind how the unpacker ends where the head was enough", () => {
    stub("zstd", `${takeAll}; exit 1`);
    expect([run(loadStream, ["zstd", "head"]).status, run(sequencesOfCustom, ["zstd"]).status]).toEqual([0, 0]);
  });

  it("does not blame the file where the room left is not known", () => {
    stub("tar", "exit 1");
    stub("df", "exit 1");
    expect([run(decodeDirectory, [work()]).status, run(layArchive, [work(), "tar"]).status]).toEqual([6, 6]);
  });

  it("loads no plain SQL that psql's own commands cannot be taken from", () => {
    rmSync(path.join(directory, "bin/od"));
    expect(run(loadPlain, ["none", "restrict", "psql"]).status).toBe(7);
  });
});
