import * as core from '@whittle/core';
import { float32, tensor } from '@whittle/core';
import type { Id, ModelBuilder, OpDefinition } from '@whittle/core';
import type { Case } from './op-cases.fixture.js';

const image = [7, 6, 4];
const indices = (build: ModelBuilder): Id =>
  build.parameter('indices', tensor('int32', [2, 2], [3, 0, 3, 1]), 'weight', false);
const table = (build: ModelBuilder): Id =>
  build.parameter('table', float32([4, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), 'weight');

/** Ops that find, count and pick by indices. */
export const indexCases: readonly Case[] = [
  {
    op: core.gather as OpDefinition,
    attributes: { axis: 2 },
    input: image,
    operands: (build, x) => [x, indices(build)],
  },
  {
    op: core.gather as OpDefinition,
    label: 'from a table',
    attributes: { axis: 0 },
    input: [1],
    operands: (build) => [table(build), indices(build)],
  },
  {
    op: core.gather as OpDefinition,
    label: 'from a table, of computed indices',
    attributes: { axis: 0 },
    input: [5],
    untrained: true,
    operands: (build, x) => {
      const four = build.parameter('four', float32([1], [3.99]), 'weight', false);
      const share = build.node('share', core.sigmoid, {}, [x]);
      const place = build.node('place', core.mul, { activation: 'none' }, [share, four]);
      return [table(build), build.node('index', core.cast, { dtype: 'int32' }, [place])];
    },
  },
  { op: core.tile as OpDefinition, attributes: { multiples: [1, 2, 1, 3] }, input: image },
  ...[core.argMax, core.argMin].flatMap((op): Case[] => [
    { op, attributes: { axis: 3, dtype: 'int32' }, input: image, untrained: true },
    { op, label: 'of rows', attributes: { axis: 1, dtype: 'int32' }, input: image, untrained: true },
  ]),
  ...[true, false].flatMap((exclusive) =>
    [true, false].map((reverse): Case => ({
      op: core.cumsum,
      label: `${exclusive ? 'exclusive ' : ''}${reverse ? 'reverse' : ''}`,
      attributes: { axis: 2, exclusive, reverse },
      input: [3, 5, 2],
    })),
  ),
  { op: core.cast, attributes: { dtype: 'int32' }, input: [9], untrained: true },
  {
    op: core.cast,
    label: 'of integers',
    attributes: { dtype: 'float32' },
    input: [9],
    untrained: true,
    operands: (build, x) => [build.node('whole', core.cast, { dtype: 'int32' }, [x])],
  },
];
