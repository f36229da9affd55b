import { depthToSpace, mirrorPad, resizeBilinear, resizeNearest, spaceToDepth } from '@whittle/core';
import type { BlockAttributes, OpDefinition, ResizeAttributes } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import type { Draw } from './draw.js';
import { extents, opModel, opSuite, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

interface Kept {
  readonly shape: readonly number[];
  readonly label: string;
  readonly dtype?: ActivationDType;
}

/** An op of one operand that keeps its quantization, as a case. */
function keeping<A>(
  draw: Draw,
  op: OpDefinition<A>,
  attributes: A,
  { shape, label, dtype = 'int8' }: Kept,
): OpCase {
  const quantization = draw.activation(dtype);
  const model = opModel(op.name, [{ shape, quantization, dtype }], (builder, [x]) =>
    builder.node('output', op, attributes, [x], { quantization: [quantization] }),
  );
  return { label: `${extents(shape)} ${label}`, model, inputs: [[draw.stored(dtype, shape)]] };
}

function resizeSuite(
  op: OpDefinition<ResizeAttributes>,
  dtype: ActivationDType,
  seeds: readonly number[],
  both: boolean,
): Suite {
  return opSuite(suiteName(op.name, dtype), seeds, (draw): OpCase => {
    const shape = [1, draw.between(1, 9), draw.between(1, 9), draw.between(1, 5)];
    const [alignCorners, halfPixelCenters] = draw.pick<readonly [boolean, boolean]>(
      [false, false],
      [true, false],
      [false, true],
      [both, true],
    );
    const size: [number, number] = draw.oneIn(3)
      ? [2 * shape[1], 2 * shape[2]]
      : [draw.between(1, 17), draw.between(1, 17)];
    const how = `${alignCorners ? ' corners' : ''}${halfPixelCenters ? ' centres' : ''}`;
    const label = `to ${extents(size)}${how}`;
    return keeping(draw, op, { size, alignCorners, halfPixelCenters }, { shape, label, dtype });
  });
}

/** MIRROR_PAD of either mode, along any axes but the first. */
function mirrorPadSuite(seeds: readonly number[]): Suite {
  return opSuite('mirror_pad', seeds, (draw): OpCase => {
    const shape = draw.shape();
    const mode = draw.pick('reflect', 'symmetric');
    const edge = mode === 'reflect' ? 1 : 0;
    const paddings = shape.map((extent, axis): [number, number] => {
      const most = Math.min(3, extent - edge);
      return axis === 0 || draw.oneIn(4) ? [0, 0] : [draw.between(0, most), draw.between(0, most)];
    });
    const margins = paddings.map(([a, b]) => `${a}+${b}`).join(' ');
    return keeping(draw, mirrorPad, { paddings, mode }, { shape, label: `by ${margins} ${mode}` });
  });
}

function blockSuite(op: OpDefinition<BlockAttributes>, seeds: readonly number[]): Suite {
  return opSuite(op.name, seeds, (draw): OpCase => {
    const blockSize = draw.between(1, 3);
    const shape = [1, draw.between(1, 4), draw.between(1, 4), draw.between(1, 5)];
    if (op.name === depthToSpace.name) shape[3] *= blockSize ** 2;
    else [1, 2].forEach((axis) => (shape[axis] *= blockSize));
    return keeping(draw, op, { blockSize }, { shape, label: `blocks of ${blockSize}` });
  });
}

/** RESIZE_NEAREST_NEIGHBOR. */
export function resizeNearestSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return resizeSuite(resizeNearest, dtype, seeds, true);
}

/** RESIZE_NEAREST_NEIGHBOR, RESIZE_BILINEAR, MIRROR_PAD, DEPTH_TO_SPACE and SPACE_TO_DEPTH. */
export function resizeSuites(seeds: readonly number[]): Suite[] {
  return [
    resizeNearestSuite(seeds),
    resizeSuite(resizeBilinear, 'int8', seeds, false),
    mirrorPadSuite(seeds),
    blockSuite(depthToSpace, seeds),
    blockSuite(spaceToDepth, seeds),
  ];
}
