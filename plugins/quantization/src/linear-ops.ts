import { conv2d, dense, depthwiseConv2d, isOp } from '@whittle/core';
import type { Node } from '@whittle/core';

/** Whether a node multiplies with a weight and adds a bias: operands input, weight, bias. */
export function isLinear(node: Node): boolean {
  return isOp(node, conv2d) || isOp(node, depthwiseConv2d) || isOp(node, dense);
}

/**
 * The axis of the weight that counts output channels, as far as one axis does: conv2d [kh, kw, I, O], dense [I, O],
 * depthwise [kh, kw, C, M] (its channels, or the multiplier where there is one channel only).
 */
export function channelAxis(node: Node, shape: readonly number[]): number {
  if (isOp(node, depthwiseConv2d)) return shape[2] === 1 ? 3 : 2;
  return shape.length - 1;
}
