import * as core from '@whittle/core';
import type { GeluAttributes, Lowering, OpDefinition } from '@whittle/core';
import { TFLITE, schema } from '@whittle/tflite-schema';
import type { OperatorOptions } from '@whittle/tflite-schema';

const { CEIL, COS, EXP, FLOOR, GELU, LOG, NEG, RELU_0_TO_1, RELU_N1_TO_1, ROUND, RSQRT, SIGN, SIN } =
  schema.BuiltinOperator;
const { SQRT, SQUARE } = schema.BuiltinOperator;

const elementwise = () => import('./elementwise.js');

function unary<A>(
  op: OpDefinition<A>,
  operator: schema.BuiltinOperator,
  options?: (attributes: A) => OperatorOptions,
): Lowering {
  return lower(op, () => import('./activation.js').then((m) => m.emitUnary<A>(operator, options)));
}

function lower<A>(op: OpDefinition<A>, load: () => Promise<unknown>): Lowering {
  return core.lower(TFLITE, op, load as () => Promise<never>);
}

/** How mathematical functions, and activations that few runtimes have, are written. What isn't here is decomposed. */
export const elementwiseLowerings: readonly Lowering[] = [
  unary(core.exp, EXP, () => new schema.ExpOptionsT()),
  unary(core.log, LOG),
  unary(core.sqrt, SQRT),
  unary(core.rsqrt, RSQRT),
  unary(core.neg, NEG, () => new schema.NegOptionsT()),
  unary(core.square, SQUARE, () => new schema.SquareOptionsT()),
  unary(core.sign, SIGN),
  unary(core.floor, FLOOR),
  unary(core.ceil, CEIL),
  unary(core.round, ROUND),
  unary(core.sin, SIN),
  unary(core.cos, COS, () => new schema.CosOptionsT()),
  unary(core.reluN1To1, RELU_N1_TO_1),
  unary(core.relu0To1, RELU_0_TO_1),
  unary<GeluAttributes>(core.gelu, GELU, ({ approximate }) => new schema.GeluOptionsT(approximate)),
  lower(core.div, () => elementwise().then((m) => m.emitDiv)),
  lower(core.pow, () => elementwise().then((m) => m.emitPow)),
  lower(core.squaredDifference, () => elementwise().then((m) => m.emitSquaredDifference)),
  lower(core.floorMod, () => elementwise().then((m) => m.emitFloorMod)),
];
