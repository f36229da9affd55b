import { abs, elu, hardSwish, leakyRelu, relu, relu6, rsqrt, sigmoid, tanh } from '@whittle/core';

/** Ops of one operand that C projects have: each a table of the 256 values of int8, or a clamp. */
export const unaryOps = [abs, relu, relu6, leakyRelu, elu, sigmoid, tanh, hardSwish, rsqrt] as const;
