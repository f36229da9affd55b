import { describe, it } from 'vitest';
import { describeSuites } from '@whittle/testkit/vitest';
import { mlperfTiny, mlperfTinySuite, withoutModels } from './mlperf-tiny.js';
import { suiteOptions, testedRuntimes } from './tested-runtimes.js';

if (mlperfTiny.length > 0)
  describe('MLPerf Tiny', () => describeSuites([mlperfTinySuite], testedRuntimes, suiteOptions));
else it('MLPerf Tiny', ({ skip }) => skip(withoutModels));
