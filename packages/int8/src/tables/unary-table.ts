import {
  abs,
  elu,
  hardSwish,
  leakyRelu,
  relu,
  relu6,
  rsqrt,
  sigmoid,
  tanh,
  unsupported,
} from '@whittle/core';
import type { NodeView, OpDefinition } from '@whittle/core';
import { hardSwishFunction } from './hard-swish.js';
import { absFunction, eluFunction, leakyReluFunction, relu6Function, reluFunction } from './rectifiers.js';
import { rsqrtFunction } from './rsqrt.js';
import { sigmoidFunction, tanhFunction } from './sigmoids.js';
import { tabulate } from './stored-function.js';
import type { Int8Table, StoredFunction } from './stored-function.js';

const builders: ReadonlyMap<string, (n: NodeView<never>) => StoredFunction> = new Map<
  string,
  (n: NodeView<never>) => StoredFunction
>([
  [relu.name, reluFunction],
  [relu6.name, relu6Function],
  [leakyRelu.name, leakyReluFunction],
  [elu.name, eluFunction],
  [sigmoid.name, sigmoidFunction],
  [tanh.name, tanhFunction],
  [hardSwish.name, hardSwishFunction],
  [abs.name, absFunction],
  [rsqrt.name, rsqrtFunction],
]);

/** Whether `unaryFunction` and `unaryTable` know the op. */
export function hasUnaryFunction(op: Pick<OpDefinition, 'name'>): boolean {
  return builders.has(op.name);
}

/**
 * What TFLM computes for an element-wise op of one operand, int8 or int16.
 * @throws OP_UNSUPPORTED for an op that TFLM has no such kernel for, QUANTIZATION_INVALID
 */
export function unaryFunction(op: Pick<OpDefinition, 'name'>, n: NodeView): StoredFunction {
  const build = builders.get(op.name);
  if (!build) throw unsupported('int8', op, n);
  return build(n as NodeView<never>);
}

/**
 * What TFLM computes for an element-wise int8 op of one operand, as a table of 256 results: entry x + 128 for the
 * stored value x. @throws OP_UNSUPPORTED for an op that TFLM has no such kernel for, QUANTIZATION_INVALID
 */
export function unaryTable(op: Pick<OpDefinition, 'name'>, n: NodeView): Int8Table {
  return tabulate(unaryFunction(op, n));
}
