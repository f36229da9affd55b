import { hardSigmoid, hardSwish, leakyRelu, relu, relu6, sigmoid, swish, tanh } from '@whittle/core';
import type { Id } from '@whittle/core';
import type { Network } from '../network.js';

type Add = (network: Network, name: string, input: Id) => Id;

const activations = {
  relu: (network, name, input) => network.builder.node(name, relu, {}, [input]),
  relu6: (network, name, input) => network.builder.node(name, relu6, {}, [input]),
  tanh: (network, name, input) => network.builder.node(name, tanh, {}, [input]),
  sigmoid: (network, name, input) => network.builder.node(name, sigmoid, {}, [input]),
  swish: (network, name, input) => network.builder.node(name, swish, {}, [input]),
  hard_swish: (network, name, input) => network.builder.node(name, hardSwish, {}, [input]),
  /** relu6(x + 3) / 6. */
  hard_sigmoid: (network, name, input) =>
    network.builder.node(name, hardSigmoid, { alpha: 1 / 6, beta: 0.5 }, [input]),
  /** Of slope 0.2 below 0. */
  leaky_relu: (network, name, input) => network.builder.node(name, leakyRelu, { alpha: 0.2 }, [input]),
} as const satisfies Readonly<Record<string, Add>>;

/** A node of its own behind a layer, or nothing. */
export type Activation = keyof typeof activations | 'none';

/** The activation as a node '<name>'; the input itself where there is none. */
export function activationLayer(network: Network, name: string, input: Id, activation: Activation): Id {
  return activation === 'none' ? input : activations[activation](network, name, input);
}
