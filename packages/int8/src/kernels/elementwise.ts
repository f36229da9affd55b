import { concrete, forEachBroadcast } from '@whittle/core';
import type { BinaryAttributes, NodeView, OpDefinition } from '@whittle/core';
import {
  doublingHighMultiply,
  multiplyByQuantizedMultiplier,
  roundingDivideByPowerOfTwo,
} from '../fixed-point.js';
import { reciprocalOfOnePlus } from '../fixed-point-exp.js';
import type { Int8Kernel } from '../lowering.js';
import { divPlan } from '../plans/division.js';
import { addPlan, checkExtremum, mulPlan, subPlan } from '../plans/elementwise.js';
import type { AddPlan } from '../plans/elementwise.js';
import { squaredDifferencePlan } from '../plans/squared-difference.js';
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

/** SQUARED_DIFFERENCE. */
export function prepareSquaredDifference(n: NodeView<BinaryAttributes>): Int8Kernel {
  const { lift, a, b, output, clamp: range } = squaredDifferencePlan(n);
  return broadcast(n, (x, y) => {
    const left = multiplyByQuantizedMultiplier((x - a.zeroPoint) << lift, a.multiplier, a.shift);
    const right = multiplyByQuantizedMultiplier((y - b.zeroPoint) << lift, b.multiplier, b.shift);
    const square = multiplyByQuantizedMultiplier((left - right) ** 2, output.multiplier, output.shift);
    return clamp((square + output.zeroPoint) | 0, range.min, range.max);
  });
}

/**
 * DIV. Where TFLM's shift would leave 31 bits the quotient is 0, as the shift of more bits gives it; what divides by 0 becomes
 * the end of the range that has the sign of what is divided.
 */
export function prepareDiv(n: NodeView<BinaryAttributes>): Int8Kernel {
  const { aZeroPoint, bZeroPoint, outputZeroPoint, multiplier, shift, clamp: range } = divPlan(n);
  return broadcast(n, (x, y) => {
    const divisor = y - bZeroPoint;
    const dividend = divisor < 0 ? aZeroPoint - x : x - aZeroPoint;
    const quotient =
      divisor === 0 ? Math.sign(dividend) * 256 : divide(dividend, Math.abs(divisor), multiplier, shift);
    return clamp((quotient + outputZeroPoint) | 0, range.min, range.max);
  });
}

/** dividend / divisor times a real factor; the divisor is above 0, both below 2^15 in magnitude. */
function divide(dividend: number, divisor: number, multiplier: number, shift: number): number {
  const zeros = Math.clz32(divisor);
  const reciprocal = reciprocalOfOnePlus(divisor * 2 ** zeros - 2147483648);
  const headroom = Math.clz32(dividend < 0 ? ~dividend : dividend) - 1;
  const fraction = doublingHighMultiply(dividend << headroom, reciprocal);
  const right = 31 - zeros + headroom - shift;
  if (right > 31) return 0;
  return roundingDivideByPowerOfTwo(doublingHighMultiply(fraction, multiplier), right);
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
