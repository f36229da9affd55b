import {
  attributesOf,
  consumers,
  conv2d,
  createRandom,
  definePass,
  isOp,
  leaves,
  patch,
  sizeOf,
  softmax,
  transposeConv2d,
  WhittleError,
} from '@whittle/core';
import type { Id, Model, Node, Parameter, Random, Tensor } from '@whittle/core';
import { constant, glorotUniform, heNormal } from '@whittle/zoo';
import { z } from 'zod';

const initial = { bias: 0, scale: 1, offset: 0, mean: 0, variance: 1 } as const;

/**
 * Draws all parameters anew, as networks of the zoo do, and so forgets what was trained: of a pruned network this is what
 * the baselines Scratch-E and Scratch-B train (Liu et al. 2019, "Rethinking the value of network pruning").
 * @throws OP_UNSUPPORTED for weights of other layers than convolutions and dense ones
 */
export const reinitialize = definePass({
  name: 'slimming/reinitialize',
  description: 'Draws all parameters anew and keeps the architecture: what a baseline is trained from',
  options: z
    .object({
      /** Fixes what is drawn; the pipeline's seed unless told. */
      seed: z.number().int().optional(),
      /** What scales of norms begin with. */
      gamma: z.number().default(1),
    })
    .strict()
    .prefault({}),
  changes: ['weights'],
  run(model, context, { seed, gamma }) {
    const random = seed === undefined ? context.random : createRandom(seed);
    const layers = layersByWeight(model);
    return patch(model, (edit) => {
      for (const parameter of model.parameters.values()) {
        if (parameter.tensor.dtype !== 'float32') continue;
        edit.setParameter(parameter.id, { tensor: fresh(model, parameter, layers, random, gamma) });
      }
    });
  },
});

function fresh(
  model: Model,
  { id, role, tensor: { shape } }: Parameter,
  layers: ReadonlyMap<Id, Node>,
  random: Random,
  gamma: number,
): Tensor {
  if (role === 'scale') return constant(shape, gamma);
  if (role in initial) return constant(shape, initial[role as keyof typeof initial]);
  const layer = layers.get(id);
  if (role !== 'weight' || !layer)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `'${id}' (${role}) is no weight of a convolution or dense layer: it can't be drawn anew`,
    );
  const { fanIn, fanOut } = fans(layer, shape);
  const draw = endsModel(model, layer) ? glorotUniform : heNormal;
  return draw(random.at(id), shape, fanIn, fanOut);
}

/** How many inputs an output sums over, and how many outputs an input reaches. */
function fans(layer: Node, shape: readonly number[]) {
  const { outputAxes } = layer.op.linear!;
  const fanIn = sizeOf(shape.filter((_, axis) => !outputAxes.includes(axis)));
  const fanOut = sizeOf(shape.slice(0, -2)) * shape.at(-1)!;
  if (isOp(layer, conv2d)) return { fanIn, fanOut: fanOut / attributesOf(layer, conv2d).groups };
  if (!isOp(layer, transposeConv2d)) return { fanIn, fanOut };
  // An output pixel sums over the taps that fall on it.
  const [rows, columns] = attributesOf(layer, transposeConv2d).strides;
  return { fanIn: fanIn / (rows * columns), fanOut };
}

function layersByWeight(model: Model): Map<Id, Node> {
  return new Map(model.nodes.flatMap((node) => (node.op.linear ? [[node.inputs[1], node] as const] : [])));
}

/** Whether a layer's result is the model's, or what a softmax at its end is taken of. */
function endsModel(model: Model, { outputs: [output] }: Node): boolean {
  const ends = leaves(model);
  const users = consumers(model).get(output) ?? [];
  return ends.has(output) || (users.length === 1 && isOp(users[0], softmax) && ends.has(users[0].outputs[0]));
}
