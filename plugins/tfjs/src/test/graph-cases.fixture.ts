import { comparisons } from './comparison-cases.fixture.js';
import type { GraphCase } from './graph-case.fixture.js';
import { convolutions, matrices } from './linear-cases.fixture.js';
import { known, selecting, shaping } from './shape-cases.fixture.js';
import { binaries, normalization, pools, reductions, resizing, unaries } from './value-cases.fixture.js';

/** Graphs that between them have every op that is read, as far as TensorFlow.js runs it. */
export function graphCases(): GraphCase[] {
  return [
    ...convolutions(),
    ...matrices(),
    ...unaries(),
    ...binaries(),
    ...comparisons(),
    ...normalization(),
    ...pools(),
    ...reductions(),
    ...resizing(),
    ...shaping(),
    ...selecting(),
    ...known(),
  ];
}
