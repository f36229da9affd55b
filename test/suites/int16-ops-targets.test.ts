import { int16OpSuites } from '@whittle/testkit';
import { describeSuites } from '@whittle/testkit/vitest';
import { furtherRuntimes, suiteOptions } from './tested-runtimes.js';

describeSuites(int16OpSuites([21, 22]), furtherRuntimes, suiteOptions);
