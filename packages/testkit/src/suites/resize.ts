import { depthToSpace, mirrorPad, resizeBilinear, resizeNearest, spaceToDepth } from '@whittle/core';
import type { BlockAttributes, OpDefinition, ResizeAttributes } from '@whittle/core';
import type { Suite } from '../suite.js';
import type { Draw } from './draw.js';
import { extents, opModel, opSuite } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** An op of one operand that keeps its quantization, as a case. */
function keeping<A>(
  draw: Draw,
  op: OpDefinition<A>,
  attributes: A,
  shape: readonly number[],
  label: string,
): OpCase {
  const quantization = draw.quantization();
  const model = opModel(op.name, [{ shape, quantization }], (builder, [x]) =>
    builder.node('output', op, attributes, [x], { quantization: [quantization] }),
  );
  return { label: `${extents(shape)} ${label}`, model, inputs: [[draw.int8(shape)]] };
}

function resizeSuite(op: OpDefinition<ResizeAttributes>, seeds: readonly number[], both: boolean): Suite {
  return opSuite(op.name, seeds, (draw): OpCase => {
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
    return keeping(draw, op, { size, alignCorners, halfPixelCenters }, shape, `to ${extents(size)}${how}`);
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
    return keeping(draw, mirrorPad, { paddings, mode }, shape, `by ${margins} ${mode}`);
  });
}

function blockSuite(op: OpDefinition<BlockAttributes>, seeds: readonly number[]): Suite {
  return opSuite(op.name, seeds, (draw): OpCase => {
    const blockSize = draw.between(1, 3);
    const shape = [1, draw.between(1, 4), draw.between(1, 4), draw.between(1, 5)];
    if (op.name === depthToSpace.name) shape[3] *= blockSize ** 2;
    else [1, 2].forEach((axis) => (shape[axis] *= blockSize));
    return keeping(draw, op, { blockSize }, shape, `blocks of ${blockSize}`);
  });
}

/** RESIZE_NEAREST_NEIGHBOR, RESIZE_BILINEAR, MIRROR_PAD, DEPTH_TO_SPACE and SPACE_TO_DEPTH. */
export function resizeSuites(seeds: readonly number[]): Suite[] {
  return [
    resizeSuite(resizeNearest, seeds, true),
    resizeSuite(resizeBilinear, seeds, false),
    mirrorPadSuite(seeds),
    blockSuite(depthToSpace, seeds),
    blockSuite(spaceToDepth, seeds),
  ];
}
