import type { Node } from '@whittle/core';

/** Whether a node multiplies with a weight and adds a bias: operands input, weight, bias. */
export function isLinear(node: Node): boolean {
  return node.op.linear !== undefined;
}

/**
 * The axis of the weight that counts output channels, as far as one axis does: where two do, as of a depthwise convolution
 * [kh, kw, C, M], its channels, or the multiplier where there is one channel only.
 */
export function channelAxis(node: Node, shape: readonly number[]): number {
  const axes = node.op.linear?.outputAxes ?? [shape.length - 1];
  return axes.find((axis) => shape[axis] !== 1) ?? axes[axes.length - 1];
}
