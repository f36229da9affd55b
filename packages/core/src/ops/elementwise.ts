import { z } from 'zod';
import type { ValueType } from '../model.js';
import { concrete } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { InferView, OpDefinition } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { broadcastShape, elementwiseTies, forEachBroadcast } from './broadcast.js';
import { computedTensor } from './computed-tensor.js';
import type { FusedActivation } from './fused-activation.js';
import { clampFlops, clampInPlace, fusedActivation } from './fused-activation.js';
import { sameRows } from './window.js';

export interface BinaryAttributes {
  readonly activation: FusedActivation;
}

/** An element-wise op of two operands with broadcasting, with its real function at hand. */
export interface BinaryOp extends OpDefinition<BinaryAttributes> {
  readonly combine: (a: number, b: number) => number;
}

export function isBinaryOp(op: OpDefinition): op is OpDefinition & BinaryOp {
  return 'combine' in op;
}

function defineBinary(
  name: string,
  combine: BinaryOp['combine'],
  decompose?: BinaryOp['decompose'],
): BinaryOp {
  const definition = defineOp<BinaryAttributes>({
    name,
    version: 1,
    operands: [{ name: 'a' }, { name: 'b' }],
    attributes: z.object({ activation: fusedActivation }).strict(),
    infer: (n): ValueType[] => {
      const [a, b] = n.inputs;
      expectShape(
        a.dtype === b.dtype,
        n,
        () => `operands must have one dtype, found ${a.dtype} and ${b.dtype}`,
      );
      return [{ dtype: a.dtype, shape: broadcastShape(n, a.shape, b.shape) }];
    },
    cost: (n) => {
      const size = sizeOf(concrete(n.outputs[0].shape));
      return { macs: 0, flops: size, activationFlops: size * clampFlops(n.attributes.activation) };
    },
    rows: sameRows,
    channels: (n) => ({ ties: elementwiseTies(n) }),
    evaluate: (n, [a, b]) => [combineTensors(n, a, b, combine)],
    ...(decompose && { decompose }),
  });
  return { ...definition, combine };
}

function combineTensors(
  n: InferView<BinaryAttributes>,
  a: Tensor,
  b: Tensor,
  combine: BinaryOp['combine'],
): Tensor {
  const shape = concrete(broadcastShape(n, a.shape, b.shape));
  const isWhole = a.dtype === 'int32' || a.dtype === 'int64';
  const data = isWhole ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
  forEachBroadcast(shape, a.shape, b.shape, (i, ia, ib) => {
    data[i] = combine(Number(a.data[ia]), Number(b.data[ib]));
  });
  clampInPlace(data, n.attributes.activation);
  return data instanceof Float64Array ? computedTensor(a.dtype, shape, data) : float32(shape, data);
}

export const add = defineBinary('add', (a, b) => a + b);
export const sub = defineBinary('sub', (a, b) => a - b);
export const mul = defineBinary('mul', (a, b) => a * b);
export const div = defineBinary('div', (a, b) => a / b);
/** a to the power of b. */
export const pow = defineBinary('pow', (a, b) => a ** b);
/** (a - b)^2. */
export const squaredDifference = defineBinary(
  'squared_difference',
  (a, b) => (a - b) ** 2,
  (n, addNode) => {
    const [difference] = addNode(sub, { activation: 'none' }, n.inputIds);
    return addNode(mul, n.attributes, [difference, difference]);
  },
);
/** What is left of a over b rounded down: of the sign of b. */
export const floorMod = defineBinary('floor_mod', (a, b) => a - Math.floor(a / b) * b);
export const maximum = defineBinary('maximum', Math.max);
export const minimum = defineBinary('minimum', Math.min);

export const binaryOps = [add, sub, mul, div, pow, squaredDifference, floorMod, maximum, minimum] as const;
