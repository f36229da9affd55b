import {
  celu,
  elu,
  exp,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  logSoftmax,
  mish,
  mul,
  neg,
  relu,
  relu6,
  reluN1To1,
  scaledElu,
  SELU,
  sigmoid,
  softmax,
  softplus,
  softsign,
  sub,
  swish,
  tanh,
  transpose,
} from '@whittle/core';
import type { Id, OpDefinition } from '@whittle/core';
import type { LayerCall } from '../graph/layer-call.js';

export type ActivationFunction = (call: LayerCall, x: Id) => Id;

const none = { activation: 'none' } as const;

function by<A>(op: OpDefinition<A>, attributes: A): ActivationFunction {
  return (call, x) => call.node(op.name, op, attributes, [x]);
}

/** Keras 3 divides by 6, Keras 2 by 5. */
const hardSigmoidOf: ActivationFunction = (call, x) =>
  by(hardSigmoid, call.major < 3 ? { alpha: 0.2, beta: 0.5 } : { alpha: 1 / 6, beta: 0.5 })(call, x);

/** log(sigmoid(x)) = -softplus(-x). */
const logSigmoid: ActivationFunction = (call, x) => {
  const negative = call.node('negative', neg, {}, [x]);
  return call.node('log_sigmoid', neg, {}, [call.node('softplus', softplus, {}, [negative])]);
};

const tanhShrink: ActivationFunction = (call, x) =>
  call.node('tanh_shrink', sub, none, [x, call.node('tanh', tanh, {}, [x])]);

/** x x where x is above 0. */
const reluSquared: ActivationFunction = (call, x) => {
  const above = call.node('relu', relu, {}, [x]);
  return call.node('squared', mul, none, [above, above]);
};

/** Softmax over an axis; the op has the last one. */
export function softmaxOver(call: LayerCall, x: Id, axis: number): Id {
  const rank = call.rank(x);
  const at = call.axis(axis, rank);
  if (at === rank - 1) return call.node('softmax', softmax, { beta: 1 }, [x]);
  const permutation = Array.from({ length: rank }, (_, i) => (i === at ? rank - 1 : i === rank - 1 ? at : i));
  const order = { permutation: permutation as [number] };
  const turned = call.node('last', transpose, order, [x]);
  return call.node('back', transpose, order, [call.node('softmax', softmax, { beta: 1 }, [turned])]);
}

/** The functions that Keras has names for. */
export const activationFunctions: Readonly<Record<string, ActivationFunction>> = {
  relu: by(relu, {}),
  relu6: by(relu6, {}),
  leaky_relu: by(leakyRelu, { alpha: 0.2 }),
  elu: by(elu, {}),
  selu: by(scaledElu, SELU),
  celu: by(celu, { alpha: 1 }),
  sigmoid: by(sigmoid, {}),
  tanh: by(tanh, {}),
  hard_sigmoid: hardSigmoidOf,
  hard_swish: by(hardSwish, {}),
  hard_silu: by(hardSwish, {}),
  hard_tanh: by(reluN1To1, {}),
  swish: by(swish, {}),
  silu: by(swish, {}),
  gelu: by(gelu, { approximate: false }),
  // The name that TensorFlow.js has for the approximation.
  gelu_new: by(gelu, { approximate: true }),
  mish: by(mish, {}),
  softplus: by(softplus, {}),
  softsign: by(softsign, {}),
  exponential: by(exp, {}),
  log_sigmoid: logSigmoid,
  tanh_shrink: tanhShrink,
  squared_relu: reluSquared,
  log_softmax: by(logSoftmax, {}),
  softmax: (call, x) => softmaxOver(call, x, -1),
};
