import * as core from '@whittle/core';
import { float32 } from '@whittle/core';
import { normal, single } from './float-ops.fixture.js';
import type { FloatCase } from './float-ops.fixture.js';

const image = ['batch', 7, 6, 4] as const;
const epsilon = 1e-3;
const statistics = [normal([4]), normal([4]), normal([4]), float32([4], [1, 2, 0.5, 3])];
const affine = [normal([4]), normal([4])];
const lacking = 'tflm';

/** Ops that normalize what they are given. */
export const normalizationCases: readonly FloatCase[] = [
  { label: 'batch_norm', model: single(core.batchNorm, { epsilon }, [image, ...statistics]) },
  { label: 'instance_norm', model: single(core.instanceNorm, { epsilon }, [image, ...affine]) },
  {
    label: 'instance_norm of a sequence',
    model: single(core.instanceNorm, { epsilon }, [['batch', 9, 4], ...affine]),
  },
  { label: 'group_norm', model: single(core.groupNorm, { groups: 2, epsilon }, [image, ...affine]) },
  { label: 'layer_norm', model: single(core.layerNorm, { axis: 3, epsilon }, [image, ...affine]) },
  {
    label: 'layer_norm of an image',
    model: single(core.layerNorm, { axis: 1, epsilon }, [image, normal([7, 6, 4]), normal([7, 6, 4])]),
  },
  { label: 'l2_normalize', model: single(core.l2Normalize, {}, [image]) },
  {
    label: 'l2_normalize of zeros',
    model: single(core.l2Normalize, {}, [float32([2, 3], [0, 0, 0, 1, 2, 3])]),
  },
  { label: 'log_softmax', model: single(core.logSoftmax, {}, [['batch', 5, 10]]) },
  {
    label: 'local_response_norm',
    model: single(core.localResponseNorm, { radius: 2, bias: 1, alpha: 0.1, beta: 0.75 }, [image]),
    lacking,
  },
  { label: 'softmax', model: single(core.softmax, { beta: 0.5 }, [['batch', 10]]) },
];
