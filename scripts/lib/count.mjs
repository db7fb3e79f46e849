import { existsSync, readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

const nothing = { passed: 0, failed: 0, skipped: 0 };
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);

/** Counts of vitest's JSON report. A file that could not even be loaded has no tests to fail, and counts as one failure. */
export function vitestCounts(file) {
  const report = read(file);
  if (!report) return { ...nothing, failed: 1 };
  const broken = report.testResults.filter(({ status, assertionResults }) => status === "failed" && assertionResults.every((one) => one.status !== "failed")).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken, skipped: report.numPendingTests + report.numTodoTests };
}

/** Counts of Playwright's JSON report. A test that passed only at a second attempt did not pass. */
export function playwrightCounts(file) {
  const report = read(file);
  if (!report) return { ...nothing, failed: 1 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

/** What of a failure's message is repeated at the end: its reason, not its stack. */
const reasonLines = 12;
const reason = (message) => stripVTControlCharacters(message ?? "").split("\n").filter((line) => !/^\s+at /.test(line)).slice(0, reasonLines).join("\n").trim();

/** Failed tests of vitest's JSON report, as `{ test, reason }`, in its order. A file that could not be loaded is named by its path. */
export function vitestFailures(file) {
  return (read(file)?.testResults ?? []).flatMap(({ name, message, status, assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === "failed");
    if (status === "failed" && failed.length === 0) return [{ test: name, reason: reason(message) }];
    return failed.map(({ fullName, failureMessages }) => ({ test: `${name} > ${fullName}`, reason: reason(failureMessages.join("\n")) }));
  });
}

/** Failed tests of Playwright's JSON report, as `{ test, reason }`; one that passed at a later attempt is among them. */
export function playwrightFailures(file) {
  const report = read(file);
  if (!report) return [];
  const inside = (suite, titles) => [
    ...(suite.suites ?? []).flatMap((inner) => inside(inner, [...titles, inner.title])),
    ...(suite.specs ?? []).flatMap(({ title, tests }) =>
      tests
        .filter(({ status }) => status === "unexpected" || status === "flaky")
        .map(({ results }) => ({ test: [...titles, title].join(" > "), reason: reason(results.find(({ error }) => error)?.error.message) })),
    ),
  ];
  return [...report.suites.flatMap((suite) => inside(suite, [suite.title])), ...report.errors.map(({ message }) => ({ test: "(outside a test)", reason: reason(message) }))];
}

export function sum(counts) {
  return counts.reduce((all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed, skipped: all.skipped + one.skipped }), nothing);
}

/** What the whole run comes to: a skipped test or an empty suite has proven nothing, so neither is a success. */
export function verdict({ passed, failed, skipped }) {
  return { line: `${passed} passed, ${failed} failed`, code: failed > 0 || skipped > 0 || passed === 0 ? 1 : 0 };
}
