import { describe, expect, it } from 'vitest';

import { addCounts, countTests, formatCounts } from './counts.js';

const report = (over) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...over,
});

describe('countTests', () => {
  it('takes the numbers of a good run', () => {
    expect(countTests(report({ numPendingTests: 2, numTodoTests: 1 }), true)).toEqual({
      passed: 3,
      failed: 0,
      skipped: 3,
    });
  });

  it('counts a file that does not load', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(countTests(report({ testResults }), false).failed).toBe(1);
  });

  it('counts a failed test once', () => {
    const testResults = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }];
    expect(countTests(report({ numFailedTests: 1, testResults }), false).failed).toBe(1);
  });

  it.each([
    ['without a report', undefined],
    ['with nothing failed in it', report()],
  ])('counts a bad end %s as a failure', (_, found) => {
    expect(countTests(found, false).failed).toBe(1);
  });
});

describe('formatCounts', () => {
  it('prints the line that scripts read', () => {
    expect(formatCounts(addCounts({ passed: 4, failed: 0 }, { passed: 10, failed: 1, skipped: 0 }))).toBe(
      '14 passed, 1 failed',
    );
  });

  it('names what was skipped', () => {
    expect(formatCounts({ passed: 1, failed: 0, skipped: 2 })).toBe('1 passed, 0 failed, 2 skipped');
  });
});
