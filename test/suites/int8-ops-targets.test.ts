import { gatherCases, int8Suites } from '@whittle/testkit';
import { describeSuites } from '@whittle/testkit/vitest';
import { furtherRuntimes, suiteOptions } from './tested-runtimes.js';

describeSuites([gatherCases(int8Suites([21, 22, 23, 24]), 8)], furtherRuntimes, suiteOptions);
