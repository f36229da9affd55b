/** Adds up what passed, failed and was skipped. */
export const addCounts = (...all) => {
  const sum = (key) => all.reduce((total, counts) => total + (counts[key] ?? 0), 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
};

/** The last line of a test run; scripts read it. */
export const formatCounts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/**
 * What vitest's JSON report says, in tests. A file that failed without a failed test (it doesn't load, a hook threw)
 * counts as one failure, and so does a run that failed for no reason that the report names.
 *
 * @param report the parsed report, or undefined if vitest wrote none
 * @param ok whether vitest itself ended well
 */
export const countTests = (report, ok) => {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !ok ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
};
