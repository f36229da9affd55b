import { gatherCases, int16OpSuites } from '@whittle/testkit';
import { describeSuites } from '@whittle/testkit/vitest';
import { furtherRuntimes, suiteOptions } from './tested-runtimes.js';

describeSuites([gatherCases(int16OpSuites([21, 22]), 8)], furtherRuntimes, suiteOptions);
