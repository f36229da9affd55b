import type { FusedActivation } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';

const codes: Readonly<Record<FusedActivation, schema.ActivationFunctionType>> = {
  none: schema.ActivationFunctionType.NONE,
  relu: schema.ActivationFunctionType.RELU,
  relu_n1_to_1: schema.ActivationFunctionType.RELU_N1_TO_1,
  relu6: schema.ActivationFunctionType.RELU6,
};

/** Operators that do alone what an activation does fused. */
export const activationOperators: Readonly<Record<Exclude<FusedActivation, 'none'>, schema.BuiltinOperator>> =
  {
    relu: schema.BuiltinOperator.RELU,
    relu_n1_to_1: schema.BuiltinOperator.RELU_N1_TO_1,
    relu6: schema.BuiltinOperator.RELU6,
  };

/** The number in an operator's options. */
export function activationCode(activation: FusedActivation): schema.ActivationFunctionType {
  return codes[activation];
}

/** The activation that a number in an operator's options stands for; undefined for those that models don't have. */
export function activationOf(code: schema.ActivationFunctionType): FusedActivation | undefined {
  return (Object.keys(codes) as FusedActivation[]).find((activation) => codes[activation] === code);
}
