import { concrete, forEachBroadcast } from '@whittle/core';
import type { BinaryAttributes, NodeView, OpDefinition } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import type { Int8Kernel } from '../lowering.js';
import { addPlan, checkExtremum, mulPlan, subPlan } from '../plans/elementwise.js';
import type { AddPlan } from '../plans/elementwise.js';
import { STORED_RANGE } from '../quantized-type.js';
import { clamp } from '../rounding.js';
import { unaryFunction, unaryTable } from '../tables/unary-table.js';

/** ADD. */
export function prepareAdd(n: NodeView<BinaryAttributes>): Int8Kernel {
  return sum(n, addPlan(n));
}

/** SUB. */
export function prepareSub(n: NodeView<BinaryAttributes>): Int8Kernel {
  return sum(n, subPlan(n));
}

function sum(n: NodeView<BinaryAttributes>, { lift, a, b, sign, output, clamp: range }: AddPlan): Int8Kernel {
  return broadcast(n, (x, y) => {
    const left = multiplyByQuantizedMultiplier((x - a.zeroPoint) << lift, a.multiplier, a.shift);
    const right = multiplyByQuantizedMultiplier((y - b.zeroPoint) << lift, b.multiplier, b.shift);
    const total = multiplyByQuantizedMultiplier((left + sign * right) | 0, output.multiplier, output.shift);
    return clamp(total + output.zeroPoint, range.min, range.max);
  });
}

/** MUL. */
export function prepareMul(n: NodeView<BinaryAttributes>): Int8Kernel {
  const { aZeroPoint, bZeroPoint, outputZeroPoint, multiplier, shift, clamp: range } = mulPlan(n);
  return broadcast(n, (x, y) => {
    const product = multiplyByQuantizedMultiplier((x - aZeroPoint) * (y - bZeroPoint), multiplier, shift);
    return clamp((product + outputZeroPoint) | 0, range.min, range.max);
  });
}

/** MAXIMUM, of stored values. */
export function prepareMaximum(n: NodeView<BinaryAttributes>): Int8Kernel {
  checkExtremum(n);
  return broadcast(n, Math.max);
}

/** MINIMUM, of stored values. */
export function prepareMinimum(n: NodeView<BinaryAttributes>): Int8Kernel {
  checkExtremum(n);
  return broadcast(n, Math.min);
}

function broadcast(n: NodeView<unknown>, combine: (x: number, y: number) => number): Int8Kernel {
  const [a, b] = n.inputs.map((type) => concrete(type.shape));
  const shape = concrete(n.outputs[0].shape);
  return ([x, y], [output]) =>
    forEachBroadcast(shape, a, b, (i, ia, ib) => {
      output[i] = combine(x[ia] as number, y[ib] as number);
    });
}

/** Any op that `unaryFunction` knows: of int8, one look-up for each element. */
export function prepareUnary(op: Pick<OpDefinition, 'name'>): (n: NodeView) => Int8Kernel {
  return (n) => {
    if (n.inputs[0].dtype === 'int16') {
      const f = unaryFunction(op, n);
      const { min, max } = STORED_RANGE.int16;
      return ([input], [output]) => {
        for (let i = 0; i < input.length; i++) output[i] = clamp(f(input[i] as number), min, max);
      };
    }
    const table = unaryTable(op, n);
    return ([input], [output]) => {
      for (let i = 0; i < input.length; i++) output[i] = table[(input[i] as number) + 128];
    };
  };
}
