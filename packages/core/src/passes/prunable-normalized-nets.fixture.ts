import type { Model } from '../model.js';
import {
  div,
  exp,
  gelu,
  instanceNorm,
  layerNorm,
  l2Normalize,
  reduceMin,
  reduceProd,
  reduceSum,
  softplus,
  squaredDifference,
} from '../ops/index.js';
import { Net, noise } from './prunable-nets.fixture.js';

const none = { activation: 'none' } as const;
const overImage = { axes: [1, 2] as [number, number], keepDims: false };

/** Networks with channels to remove, whose constants go through functions, reductions and normalizations. */
export const normalizedNets: Record<string, () => Model> = {
  'sums, products and minima of images'() {
    const b = new Net('reduced');
    const x = b.conv('c1', b.input('x', ['batch', 4, 4, 2]), 6, 3);
    const sum = b.node('sum', reduceSum, overImage, [x]);
    const product = b.node('product', reduceProd, overImage, [x]);
    const least = b.node('least', reduceMin, overImage, [x]);
    const ratio = b.node('ratio', div, none, [product, b.node('exp', exp, {}, [least])]);
    return b.classify(b.node('difference', squaredDifference, none, [sum, ratio]));
  },
  'smooth activations and an instance norm'() {
    const b = new Net('instance');
    const image = b.conv('c1', b.input('x', ['batch', 5, 5, 2]), 6, 3);
    const curved = b.node('gelu', gelu, { approximate: false }, [image]);
    const operands = ['scale', 'offset'].map((role) =>
      b.parameter(`in/${role}`, noise([6]), role as 'scale' | 'offset'),
    );
    const normal = b.node('in', instanceNorm, { epsilon: 1e-3 }, [curved, ...operands]);
    return b.classify(b.node('sum', reduceSum, overImage, [b.node('plus', softplus, {}, [normal])]));
  },
  'channels that a layer norm needs, and others'() {
    const b = new Net('pinned');
    const image = b.conv('c2', b.conv('c1', b.input('x', ['batch', 5, 5, 2]), 5, 3), 4, 1);
    const operands = ['scale', 'offset'].map((role) =>
      b.parameter(`ln/${role}`, noise([4]), role as 'scale' | 'offset'),
    );
    const normal = b.node('ln', layerNorm, { axis: 3, epsilon: 1e-3 }, [image, ...operands]);
    return b.classify(b.node('sum', reduceSum, overImage, [b.node('l2', l2Normalize, {}, [normal])]));
  },
};
