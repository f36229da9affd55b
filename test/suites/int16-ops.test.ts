import { int16OpSuites } from '@whittle/testkit';
import { describeSuites } from '@whittle/testkit/vitest';
import { suiteOptions, testedRuntimes } from './tested-runtimes.js';

describeSuites(int16OpSuites(), testedRuntimes, suiteOptions);
