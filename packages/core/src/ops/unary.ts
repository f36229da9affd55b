import type { z } from 'zod';
import { concrete } from '../model.js';
import { defineOp } from '../op.js';
import type { NodeView, OpDefinition } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { elementwiseTies } from './broadcast.js';
import { computedTensor } from './computed-tensor.js';
import { sameRows } from './window.js';

/** A unary op's real function, to evaluate it, and to tabulate it for int8. */
export type UnaryFunction<A> = (x: number, attributes: A) => number;

/** An element-wise op of one operand, with its real function at hand. */
export interface UnaryOp<A = object> extends OpDefinition<A> {
  readonly apply: UnaryFunction<A>;
}

/** Whether an op is element-wise with one operand. */
export function isUnaryOp(op: OpDefinition): op is UnaryOp {
  return 'apply' in op;
}

/**
 * Defines an element-wise op. `flops`: arithmetic operations per element, a transcendental function counting 1.
 * `decompose`: the op in terms of simpler ones.
 */
export function defineUnary<A extends object>(
  name: string,
  attributes: z.ZodType<A>,
  flops: number,
  apply: UnaryFunction<A>,
  decompose?: OpDefinition<A>['decompose'],
): UnaryOp<A> {
  const definition = defineOp<A>({
    name,
    version: 1,
    operands: [{ name: 'input' }],
    attributes,
    infer: (n) => [{ dtype: n.inputs[0].dtype, shape: n.inputs[0].shape }],
    cost: (n) => ({ macs: 0, flops: 0, activationFlops: flops * elements(n) }),
    rows: sameRows,
    channels: (n) => ({ ties: elementwiseTies(n) }),
    evaluate: (n, [input]) => [mapTensor(input, (x) => apply(x, n.attributes))],
    ...(decompose && { decompose }),
  });
  return { ...definition, apply };
}

function elements(n: NodeView<unknown>): number {
  return sizeOf(concrete(n.outputs[0].shape));
}

function mapTensor(input: Tensor, apply: (x: number) => number): Tensor {
  const isWhole = input.dtype === 'int32' || input.dtype === 'int64';
  const data = isWhole ? new Float64Array(input.data.length) : new Float32Array(input.data.length);
  for (let i = 0; i < data.length; i++) data[i] = apply(Number(input.data[i]));
  return data instanceof Float64Array
    ? computedTensor(input.dtype, input.shape, data)
    : float32(input.shape, data);
}
