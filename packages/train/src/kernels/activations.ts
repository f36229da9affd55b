import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { floatType, hasKernel, registerNative, runNative } from './native.js';

/** An activation as one op of TensorFlow and its gradient as another. */
interface FusedActivation {
  readonly op: string;
  /** Takes the gradient and what the forward op gave, in the order told. */
  readonly gradient: string;
  readonly order: 'gradient-first' | 'output-first';
  /** The same in tfjs's ops, for other backends. */
  compose(tf: TensorFlow, x: TfTensor): TfTensor;
}

/**
 * The gradients that tfjs composes of small ops, some of ten times the cost. All of them can be told from the output:
 * relu(x) > 0 just where x > 0, and so on.
 */
const activations = {
  relu: { op: 'Relu', gradient: 'ReluGrad', order: 'gradient-first', compose: (tf, x) => tf.relu(x) },
  relu6: { op: 'Relu6', gradient: 'Relu6Grad', order: 'gradient-first', compose: (tf, x) => tf.relu6(x) },
  elu: { op: 'Elu', gradient: 'EluGrad', order: 'gradient-first', compose: (tf, x) => tf.elu(x) },
  sigmoid: {
    op: 'Sigmoid',
    gradient: 'SigmoidGrad',
    order: 'output-first',
    compose: (tf, x) => tf.sigmoid(x),
  },
  tanh: { op: 'Tanh', gradient: 'TanhGrad', order: 'output-first', compose: (tf, x) => tf.tanh(x) },
} as const satisfies Record<string, FusedActivation>;

export type FusedActivationName = keyof typeof activations;

/** An activation whose gradient is one op on the native backend. */
export function fusedActivation(tf: TensorFlow, name: FusedActivationName, x: TfTensor): TfTensor {
  const { op, compose } = activations[name];
  return hasKernel(tf, kernelName(op)) ? runNative(tf, kernelName(op), { x })[0] : compose(tf, x);
}

export function registerActivations(tf: TensorFlow): void {
  for (const { op, gradient, order } of Object.values(activations)) {
    registerNative(tf, kernelName(op), (backend, { x }) =>
      backend.executeMultipleOutputs(op, [floatType(backend)], [x], 1),
    );
    registerNative(tf, kernelName(gradient), (backend, { dy, y }) =>
      backend.executeMultipleOutputs(
        gradient,
        [floatType(backend)],
        order === 'gradient-first' ? [dy, y] : [y, dy],
        1,
      ),
    );
    tf.registerGradient({
      kernelName: kernelName(op),
      outputsToSave: [true],
      gradFunc: (dy, [y]) => ({
        x: () => runNative(tf, kernelName(gradient), { dy: dy as TfTensor, y })[0],
      }),
    });
  }
}

/** Names of an activation's op, and of the kernels for it and its gradient. */
export function activationKernels(name: FusedActivationName) {
  const { op, gradient } = activations[name];
  return { op, forward: kernelName(op), backward: kernelName(gradient) };
}

function kernelName(op: string): string {
  return `Whittle${op}`;
}
