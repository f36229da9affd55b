import * as core from '@whittle/core';
import { ModelBuilder, tensor } from '@whittle/core';
import type { Model } from '@whittle/core';
import { normal, single } from './float-ops.fixture.js';
import type { FloatCase } from './float-ops.fixture.js';

const image = ['batch', 7, 6, 4] as const;
const lacking = 'tflm';

/** Entries of a table, by indices that a model is given or holds. */
function embedding(shape: readonly (number | 'batch')[] | undefined, axis: number): Model {
  const build = new ModelBuilder('embedding');
  const table = axis === 0 ? build.parameter('table', normal([3, 5]), 'weight') : build.input('x', image);
  const indices = shape
    ? build.input('indices', shape, { dtype: 'int32' })
    : build.parameter('indices', tensor('int32', [2, 2], [2, 0, 1, 2]), 'weight', false);
  build.output(build.node('y', core.gather, { axis }, [table, indices]));
  return build.finish();
}

/** A cast to a type and back. */
function thereAndBack(dtype: core.CastAttributes['dtype']): Model {
  const build = new ModelBuilder('cast');
  const there = build.node('there', core.cast, { dtype }, [build.input('x', image)]);
  build.output(build.node('y', core.cast, { dtype: 'float32' }, [there]));
  return build.finish();
}

/** Ops that find, count, pick and repeat. */
export const indexCases: readonly FloatCase[] = [
  { label: 'gather from a table', model: embedding(['batch', 6], 0) },
  { label: 'gather by constant indices', model: embedding(undefined, 2) },
  { label: 'gather by computed indices', model: embedding([4], 3) },
  { label: 'tile', model: single(core.tile, { multiples: [1, 2, 1, 3] }, [image]), lacking },
  { label: 'arg_max', model: single(core.argMax, { axis: 3, dtype: 'int32' }, [image]) },
  { label: 'arg_max of rows', model: single(core.argMax, { axis: 1, dtype: 'int32' }, [image]) },
  { label: 'arg_max, int64', model: single(core.argMax, { axis: 3, dtype: 'int64' }, [image]), lacking },
  { label: 'arg_min', model: single(core.argMin, { axis: 3, dtype: 'int32' }, [image]) },
  ...[true, false].flatMap((exclusive) =>
    [true, false].map((reverse): FloatCase => ({
      label: `cumsum${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`,
      model: single(core.cumsum, { axis: 2, exclusive, reverse }, [image]),
    })),
  ),
  ...(['int8', 'int32', 'bool'] as const).map((dtype): FloatCase => ({
    label: `cast to ${dtype}`,
    model: thereAndBack(dtype),
  })),
];
