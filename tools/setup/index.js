// Runs before npm ci: Node's own modules only.
import { repositoryRoot } from './paths.js';
import { createReport } from './report.js';

const OLDEST_NODE = 20;

const main = async () => {
  const report = createReport();
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    report.fail(`Node ${OLDEST_NODE} or later is needed, this is ${process.versions.node}`);
    return 1;
  }
  const { setUp } = await import('./set-up.js');
  try {
    return (await setUp(repositoryRoot, report)) ? 0 : 1;
  } catch (error) {
    report.fail(`stopped: ${error.message}`);
    return 1;
  }
};

process.exitCode = await main();
