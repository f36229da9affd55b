import { abs, elu, hardSwish, leakyRelu, relu, relu6, sigmoid, tanh, unsupported } from '@whittle/core';
import type { NodeView, OpDefinition } from '@whittle/core';
import { hardSwishTable } from './hard-swish.js';
import type { Int8Table } from './int8-table.js';
import { absTable, eluTable, leakyReluTable, relu6Table, reluTable } from './rectifiers.js';
import { sigmoidTable, tanhTable } from './sigmoids.js';

const builders: ReadonlyMap<string, (n: NodeView<never>) => Int8Table> = new Map<
  string,
  (n: NodeView<never>) => Int8Table
>([
  [relu.name, reluTable],
  [relu6.name, relu6Table],
  [leakyRelu.name, leakyReluTable],
  [elu.name, eluTable],
  [sigmoid.name, sigmoidTable],
  [tanh.name, tanhTable],
  [hardSwish.name, hardSwishTable],
  [abs.name, absTable],
]);

/** Whether `unaryTable` knows the op. */
export function hasUnaryTable(op: Pick<OpDefinition, 'name'>): boolean {
  return builders.has(op.name);
}

/**
 * What TFLM computes for an element-wise int8 op of one operand, as a table of 256 results: entry x + 128 for the
 * stored value x. @throws OP_UNSUPPORTED for an op that TFLM has no such kernel for, QUANTIZATION_INVALID
 */
export function unaryTable(op: Pick<OpDefinition, 'name'>, n: NodeView): Int8Table {
  const build = builders.get(op.name);
  if (!build) throw unsupported('int8', op, n);
  return build(n as NodeView<never>);
}
