import { existsSync, readFileSync } from "node:fs";

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

export function sum(counts) {
  return counts.reduce((all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed, skipped: all.skipped + one.skipped }), nothing);
}

/** What the whole run comes to: a skipped test or an empty suite has proven nothing, so neither is a success. */
export function verdict({ passed, failed, skipped }) {
  return { line: `${passed} passed, ${failed} failed`, code: failed > 0 || skipped > 0 || passed === 0 ? 1 : 0 };
}
