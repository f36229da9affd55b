import { runChecks } from './checks.js';
import { addCounts, formatCounts } from './counts.js';
import { runVitest } from './vitest.js';

/** `npm test` runs every check and test; `npm test -- PATH...` only the tests of those paths. */
const main = async (paths) => {
  const { counts: checked, failures } = paths.length === 0 ? await runChecks() : { counts: {}, failures: [] };
  const tested = await runVitest(paths);
  const counts = addCounts(checked, tested);
  process.stdout.write('\n');
  for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
  process.stdout.write(`${formatCounts(counts)}\n`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
};

process.exitCode = await main(process.argv.slice(2));
