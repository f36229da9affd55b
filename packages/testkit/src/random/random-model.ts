import { createRandom } from '@whittle/core';
import type { Model, OpDefinition, Tensor } from '@whittle/core';
import { Draw } from '../suites/draw.js';
import { arrangementDraws, typeDraws } from './arrangement.js';
import { comparisonDraws } from './comparison.js';
import { activationDraws, binaryDraws, mathDraws, preluDraw } from './elementwise.js';
import { linearDraws } from './linear.js';
import { NetworkDraw } from './network-draw.js';
import { normalizationDraws } from './normalization.js';
import type { OpDraw } from './op-draw.js';
import { recurrentDraws } from './recurrent.js';
import { poolDraws, reductionDraws } from './reduction.js';

export interface RandomModelOptions {
  /** The ops to draw from: every op of core, but quantize and dequantize, unless told. */
  readonly ops?: (op: Pick<OpDefinition, 'name' | 'version'>) => boolean;
  /** Nodes that are drawn, from the smallest to the largest number; 3 to 12 unless told. */
  readonly nodes?: readonly [number, number];
  /** Ops of one's own, drawn as often as a family of core's. */
  readonly draws?: readonly OpDraw[];
}

/** A valid model with inputs for a few inferences, on which it stays finite and its values depend on inputs smoothly. */
export interface RandomModel {
  readonly seed: number;
  readonly model: Model;
  readonly inputs: readonly (readonly Tensor[])[];
}

/** Families, the more often named the more often drawn. */
const families: readonly (readonly OpDraw[])[] = [
  linearDraws,
  linearDraws,
  linearDraws,
  activationDraws,
  activationDraws,
  mathDraws,
  binaryDraws,
  [...binaryDraws, preluDraw],
  normalizationDraws,
  poolDraws,
  reductionDraws,
  arrangementDraws,
  arrangementDraws,
  [...recurrentDraws, ...typeDraws],
  comparisonDraws,
];

/** How applications of core's ops are drawn, each op once. */
export const opDraws: readonly OpDraw[] = [...new Set(families.flat())];

/**
 * A random float32 model, valid by construction: ops are applied to values, or new parameters, that their types and shapes
 * allow. Graphs have several inputs and outputs, values that are read often, sums and joins of branches; some keep states
 * from one inference to the next. The same for a seed and options, at any time.
 */
export function randomModel(seed: number, options: RandomModelOptions = {}): RandomModel {
  const draw = new Draw('random model', seed);
  const allowed = options.ops ?? (() => true);
  const usable = [...families, ...(options.draws ? [options.draws] : [])]
    .map((family) => family.filter(({ op }) => allowed(op)))
    .filter((family) => family.length > 0);
  const batch = draw.pick<1 | 'batch'>(1, 'batch');
  const network = new NetworkDraw(`random model ${seed}`, draw, createRandom(seed).at('disturbance'), batch);
  for (let i = draw.pick(1, 1, 2, 3); i > 0; i--) network.input(drawInputShape(draw));
  const [least, most] = options.nodes ?? [3, 12];
  const wanted = draw.between(least, most);
  for (let added = 0, tries = 0; added < wanted && tries < 40 * wanted; tries++)
    if (draw.pick(...draw.pick(...usable)).apply(network)) added++;
  return { seed, ...network.finish() };
}

/** An image, a sequence or a vector, of a batch of 1. */
function drawInputShape(draw: Draw): number[] {
  const image = [1, draw.between(1, 9), draw.between(1, 9), draw.pick(1, 3, 4, draw.between(1, 8))];
  return draw.pick(
    image,
    image,
    image,
    [1, draw.between(2, 9), draw.between(1, 6)],
    [1, draw.between(1, 16)],
  );
}
