import { int8Suites } from '@whittle/testkit';
import { describeSuites } from '@whittle/testkit/vitest';
import { suiteOptions, testedRuntimes } from './tested-runtimes.js';

describeSuites(int8Suites(), testedRuntimes, suiteOptions);
