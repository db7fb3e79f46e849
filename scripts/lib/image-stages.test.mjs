// The image that `docker compose up` builds from the locked packages. Building it takes minutes and a registry, so what it is built from is held here.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { programInputs, webInputs } from "./build-steps.mjs";
import { inRoot } from "./paths.mjs";

/** The lines of a stage. */
function linesOf(stage) {
  const [, text] = new RegExp(`^FROM \\S+ AS ${stage}$(.*?)(?=^FROM |(?![^]))`, "ms").exec(readFileSync(inRoot("Dockerfile"), "utf8"));
  return text;
}

/** What the COPY lines of a stage take, and where to. */
function copies(stage) {
  return [...linesOf(stage).matchAll(/^COPY (?:--from=\S+ )?(.*)$/gm)].map(([, words]) => words.split(" ")).map((words) => ({ sources: words.slice(0, -1), target: words.at(-1).replace(/\/$/, "") }));
}

it("is built from everything that a build reads", () => {
  const taken = copies("build").flatMap(({ sources }) => sources);
  const isTaken = (input) => taken.some((source) => input === source || input.startsWith(`${source}/`));
  expect([...webInputs, ...programInputs].filter((input) => !isTaken(input))).toEqual([]);
});

it("holds in the same places what the image has that is made from a build outside, which the test of docker-compose.yml runs", () => {
  const places = (stage) => [...new Set(copies(stage).map(({ target }) => target))].sort();
  expect(places("runtime")).toEqual(places("prebuilt"));
  const files = (stage) => copies(stage).filter(({ target }) => target === ".").flatMap(({ sources }) => sources.map((source) => source.replace("/app/", ""))).sort();
  expect(files("runtime")).toEqual(files("prebuilt"));
});

it("asks for nothing in the stage before it that a fresh copy of the sources has not, since old builders run that too", () => {
  const built = /^(dist|\.nex)/;
  const isThere = ({ sources }) => sources.some((source) => !built.test(source)) && sources.filter((source) => built.test(source)).every((source) => /[*[]/.test(source));
  expect(copies("prebuilt").filter((line) => !isThere(line))).toEqual([]);
});

it("has ssh for an Engine on another machine, and is no longer root after installing it", () => {
  expect(linesOf("runtime")).toMatch(/^RUN .*apt-get install .* openssh-client /m);
  expect([...linesOf("runtime").matchAll(/^USER (.*)$/gm)].at(-1)[1]).toBe("holdfast");
});
