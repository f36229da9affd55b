import { argMax, argMin, averagePool2d, cumsum, maxPool2d, reduceProd, reductionOps } from '@whittle/core';
import { drawActivation, drawWindow } from './linear.js';
import type { NetworkDraw } from './network-draw.js';
import { opDraw } from './op-draw.js';

export const poolDraws = [averagePool2d, maxPool2d].map((op) =>
  opDraw(op, (network) => {
    const x = network.float(4);
    if (!x) return undefined;
    const { size, strides, padding } = drawWindow(network, x.shape);
    const implicit = typeof padding === 'string' ? padding : 'same';
    // Windows of explicit padding may lie beside the image as a whole where strides are wider than they are.
    const chosen = strides.every((stride, axis) => stride <= size[axis]) ? padding : implicit;
    const attributes = { size, strides, padding: chosen, activation: drawActivation(network) };
    return network.add(op, attributes, [x]);
  }),
);

/** Some of the axes behind the batch, ascending. */
function drawAxes({ draw }: NetworkDraw, rank: number): number[] {
  const axes = Array.from({ length: rank - 1 }, (_, i) => i + 1).filter(() => draw.oneIn(2));
  return axes.length > 0 ? axes : [draw.between(1, rank - 1)];
}

export const reductionDraws = [
  ...reductionOps.map((op) =>
    opDraw(op, (network) => {
      const x = network.float(2, 3, 4);
      if (!x) return undefined;
      const rank = x.shape.length;
      const axes = op === reduceProd ? [network.draw.between(1, rank - 1)] : drawAxes(network, rank);
      return network.add(op, { axes, keepDims: network.draw.oneIn(2) }, [x]);
    }),
  ),
  ...[argMax, argMin].map((op) =>
    opDraw(op, (network) => {
      const x = network.float(2, 3, 4);
      if (!x) return undefined;
      const axis = network.draw.between(1, x.shape.length - 1);
      return network.add(op, { axis, dtype: network.draw.pick('int32', 'int64') }, [x]);
    }),
  ),
  opDraw(cumsum, (network) => {
    const { draw } = network;
    const x = network.float(2, 3, 4);
    if (!x) return undefined;
    const axis = draw.between(1, x.shape.length - 1);
    return network.add(cumsum, { axis, exclusive: draw.oneIn(2), reverse: draw.oneIn(2) }, [x]);
  }),
];
