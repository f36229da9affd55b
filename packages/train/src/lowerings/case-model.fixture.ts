import { add, createRandom, float32, ModelBuilder, sizeOf, split } from '@whittle/core';
import type { Id, Model, ParameterRole } from '@whittle/core';
import type { NetworkState } from '../network-state.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { comparisonCases } from './comparison-cases.fixture.js';
import { elementwiseCases } from './elementwise-cases.fixture.js';
import { indexCases } from './index-cases.fixture.js';
import { normalizationCases } from './normalization-cases.fixture.js';
import { cases as layerCases } from './op-cases.fixture.js';
import type { Case } from './op-cases.fixture.js';

/** Every op that can be trained, as tests apply it, with a name. */
export const namedCases = [
  ...layerCases,
  ...elementwiseCases,
  ...normalizationCases,
  ...indexCases,
  ...comparisonCases,
].map((c) => [`${c.op.name} ${c.label ?? ''}`, c] as const);

export function normal(name: string, shape: readonly number[], role?: ParameterRole) {
  const stream = createRandom(5).at(name);
  const data = Float32Array.from({ length: sizeOf(shape) }, () =>
    role === 'variance' ? 0.5 + stream.float() : stream.normal(),
  );
  return float32(shape, data);
}

export function build({ op, attributes, input, parameters = [], operands = (_, x) => [x] }: Case): Model {
  const builder = new ModelBuilder('case');
  const x = builder.input('x', ['batch', ...input]);
  const ids = parameters.map(([role, shape], i) =>
    builder.parameter(`p${i}`, normal(`p${i}`, shape, role), role),
  );
  const all = [...operands(builder, x), ...ids];
  // Of several results the first one counts.
  const [y] = builder.results(op === split ? ['y', 'z'] : ['y'], op, attributes, all);
  builder.output(y);
  return builder.finish();
}

/** The same with a term in front, so that the gradient with respect to the input is that of a parameter. */
export function buildShifted(c: Case): Model {
  const operands = c.operands ?? ((_: ModelBuilder, x: Id) => [x]);
  return build({
    ...c,
    operands: (b, x) => {
      const shift = b.parameter('shift', normal('shift', c.input), 'offset');
      return operands(b, b.node('shifted', add, { activation: 'none' }, [x, shift]));
    },
  });
}

/** A scalar of what a network makes of three examples in training, whose gradient is not the same everywhere. */
export function objectiveOf(tf: TensorFlow, network: NetworkState, c: Case): () => TfTensor {
  const scope = { mode: 'training' as const, random: createRandom(0).at('t'), statisticsMomentum: 0.9 };
  const input = normal('x', [3, ...c.input]);
  const weights = normal('weights', [4096]).data as Float32Array;
  return () => {
    const y = network.run([tf.tensor(input.data as Float32Array, [...input.shape])], scope).get('y')!;
    return tf.sum(tf.mul(y, tf.tensor(weights.slice(0, y.size), y.shape)));
  };
}

/** Gradients of an objective with respect to the trained parameters, in their order. */
export function gradientsOf(
  tf: TensorFlow,
  network: NetworkState,
  objective: () => TfTensor,
): readonly Float32Array[] {
  let gradients: Float32Array[] = [];
  tf.tidy(() => {
    const tensors = [...network.trained.keys()].map((id) => network.tensor(id));
    const { grads } = tf.engine().gradients(objective, tensors, undefined, true);
    gradients = grads.map((g?: TfTensor) => Float32Array.from(g?.dataSync() ?? []));
  });
  return gradients;
}
