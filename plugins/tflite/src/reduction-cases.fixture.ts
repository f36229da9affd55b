import * as core from '@whittle/core';
import { single } from './float-ops.fixture.js';
import type { FloatCase } from './float-ops.fixture.js';

const image = ['batch', 7, 6, 4] as const;

/** Ops that reduce axes. */
export const reductionCases: readonly FloatCase[] = core.reductionOps.flatMap((op): FloatCase[] => {
  const rest = op === core.reduceProd ? { lacking: 'tflm' as const } : {};
  return [
    { label: op.name, model: single(op, { axes: [1, 2], keepDims: false }, [image]), ...rest },
    { label: `${op.name}, kept`, model: single(op, { axes: [1, 2], keepDims: true }, [image]), ...rest },
    { label: `${op.name}, last axis`, model: single(op, { axes: [3], keepDims: true }, [image]), ...rest },
  ];
});
