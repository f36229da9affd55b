import { z } from 'zod';
import type { Dim, ValueType } from '../model.js';
import { concrete, formatShape } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import type { InferView } from '../op.js';
import { permuteAxes, tensor } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { axisTie } from './selection.js';
import { fixed, imageOf } from './window.js';

const free = { macs: 0, flops: 0, activationFlops: 0 };

export const transposeAttributes = z
  .object({ permutation: z.array(z.number().int().nonnegative()).nonempty() })
  .strict();
export type TransposeAttributes = z.infer<typeof transposeAttributes>;

/** Brings axes into another order: axis i of the result is axis permutation[i] of the operand. The batch stays first. */
export const transpose = defineOp<TransposeAttributes>({
  name: 'transpose',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: transposeAttributes,
  infer(n): ValueType[] {
    const { dtype, shape } = n.inputs[0];
    const { permutation } = n.attributes;
    expectShape(
      permutation.length === shape.length && shape.every((_, axis) => permutation.includes(axis)),
      n,
      () => `[${permutation.join(', ')}] is no order of the axes of ${formatShape(shape)}`,
    );
    expectShape(
      shape.every((dim, axis) => dim !== 'batch' || permutation[axis] === axis),
      n,
      () => 'the batch stays where it is',
    );
    return [{ dtype, shape: permutation.map((axis) => shape[axis]) }];
  },
  cost: () => free,
  channels: (n) => ({ ties: n.attributes.permutation.map((from, to) => axisTie(n, from, to)) }),
  evaluate: (n, [input]) => [permuteAxes(input, n.attributes.permutation)],
});

export const blockAttributes = z.object({ blockSize: z.number().int().positive() }).strict();
export type BlockAttributes = z.infer<typeof blockAttributes>;

/** Brings the channels of [N, H, W, b b C] to blocks of b x b pixels: [N, H b, W b, C]. */
export const depthToSpace = defineOp<BlockAttributes>({
  name: 'depth_to_space',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: blockAttributes,
  movesChannels: true,
  infer(n): ValueType[] {
    const { batch, height, width, channels, block } = imageAndBlock(n);
    const rest = channels / block ** 2;
    expectShape(
      Number.isInteger(rest),
      n,
      () => `${channels} channels don't make blocks of ${block} x ${block}`,
    );
    return [{ dtype: n.inputs[0].dtype, shape: [batch, height * block, width * block, rest] }];
  },
  cost: () => free,
  channels(n) {
    const count = concrete(n.outputs[0].shape)[3];
    const tile = n.attributes.blockSize ** 2;
    return {
      ties: [
        [
          { value: n.inputIds[0], axis: 3, count, tile },
          { value: n.outputIds[0], axis: 3, count },
        ],
      ],
    };
  },
  evaluate(n, [input]) {
    const [batch, height, width, channels] = input.shape;
    const b = n.attributes.blockSize;
    const rest = channels / b ** 2;
    const blocks = permuteAxes(withShape(input, [batch, height, width, b, b, rest]), [0, 1, 3, 2, 4, 5]);
    return [withShape(blocks, [batch, height * b, width * b, rest])];
  },
});

/** Brings blocks of b x b pixels of [N, H b, W b, C] to channels: [N, H, W, b b C]. */
export const spaceToDepth = defineOp<BlockAttributes>({
  name: 'space_to_depth',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: blockAttributes,
  movesChannels: true,
  infer(n): ValueType[] {
    const { batch, height, width, channels, block } = imageAndBlock(n);
    expectShape(
      height % block === 0 && width % block === 0,
      n,
      () => `an image of ${height} x ${width} doesn't divide into blocks of ${block} x ${block}`,
    );
    const shape = [batch, height / block, width / block, channels * block ** 2];
    return [{ dtype: n.inputs[0].dtype, shape }];
  },
  cost: () => free,
  channels(n) {
    const count = concrete(n.inputs[0].shape)[3];
    const tile = n.attributes.blockSize ** 2;
    return {
      ties: [
        [
          { value: n.inputIds[0], axis: 3, count },
          { value: n.outputIds[0], axis: 3, count, tile },
        ],
      ],
    };
  },
  evaluate(n, [input]) {
    const [batch, height, width, channels] = input.shape;
    const b = n.attributes.blockSize;
    const [rows, columns] = [height / b, width / b];
    const pixels = permuteAxes(withShape(input, [batch, rows, b, columns, b, channels]), [0, 1, 3, 2, 4, 5]);
    return [withShape(pixels, [batch, rows, columns, channels * b ** 2])];
  },
});

function imageAndBlock(n: InferView<BlockAttributes>) {
  expectRank(n, 0, 4, 'input');
  const [height, width] = imageOf(n);
  const channels = fixed(n, n.inputs[0].shape[3], 'channels');
  const batch: Dim = n.inputs[0].shape[0];
  return { batch, height, width, channels, block: n.attributes.blockSize };
}

function withShape(value: Tensor, shape: readonly number[]): Tensor {
  return tensor(value.dtype, shape, value.data, value.quantization);
}
