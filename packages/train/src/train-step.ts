import { WhittleError } from '@whittle/core';
import type { Model, RandomStream } from '@whittle/core';
import { activationsOf } from './activations.js';
import type { Probe } from './compiled-model.js';
import type { Mode } from './lowering.js';
import type { NetworkState, TrainedParameter } from './network-state.js';
import type { Penalty } from './penalty.js';
import type { Proximal } from './proximal.js';
import { valueOf } from './schedule.js';
import type { SchedulePoint } from './schedule.js';
import type { Activations, ModelReference, StepScope, TensorBatch } from './term.js';
import type { TensorFlow, TfTensor } from './tensorflow.js';
import type { Update } from './update.js';

/** A trained parameter with all that an update does to it. */
export interface UpdatedParameter extends TrainedParameter {
  readonly slots: readonly Float32Array[];
  readonly penalties: readonly Penalty[];
  readonly after: readonly Proximal[];
}

/** An update bound to the networks of a run. */
export interface BoundUpdate {
  readonly update: Update;
  readonly network: NetworkState;
  readonly parameters: readonly UpdatedParameter[];
  /** Put in front of the names of terms and penalties, where there are several updates. */
  readonly prefix: string;
}

/** The networks that a run trains, by name, and those that its terms only look at. */
export interface Networks {
  readonly trained: ReadonlyMap<string, NetworkState>;
  readonly frozen: ReadonlyMap<Model, NetworkState>;
}

/** What one step works on. Tensors kept by terms stay here until the step's end. */
export interface StepContext {
  readonly tf: TensorFlow;
  readonly networks: Networks;
  readonly batch: TensorBatch;
  readonly at: SchedulePoint;
  readonly random: RandomStream;
  readonly statisticsMomentum: number;
  readonly taps: Map<string, TfTensor>;
  /** That of trained models: 'training' unless told. */
  readonly mode?: Mode;
  /** Sees what trained models compute. */
  readonly probe?: Probe;
  /** Called with what the first trained model made of the batch, where an update evaluated it; after the gradients. */
  watch?(made: { readonly outputs: readonly TfTensor[] }): void;
}

/**
 * One gradient step: evaluates the terms, and changes the update's parameters unless the objective isn't finite. Returns
 * the values of terms and penalties, not weighted, and the objective under `loss`.
 * @throws LOSS_NOT_FINITE before anything is changed
 */
export function runUpdate(context: StepContext, bound: BoundUpdate): Map<string, number> {
  const { tf, at } = context;
  const { update, network, parameters, prefix } = bound;
  const losses = new Map<string, number>();
  tf.tidy(() => {
    const { values, gradients } = differentiate(context, bound);
    update.terms.forEach(({ name }, i) => losses.set(`${prefix}${name}`, values[i]));
    let objective = 0;
    update.terms.forEach(({ weight }, i) => (objective += valueOf(weight, at) * values[i]));
    expectFinite(objective, losses, at);
    const learningRate = valueOf(update.learningRate, at);
    parameters.forEach((parameter, i) => {
      const gradient = gradients[i] ?? new Float32Array(parameter.values.length);
      objective += applyUpdate(update, parameter, gradient, learningRate, at, losses, prefix);
      network.commit(parameter);
    });
    losses.set(`${prefix}loss`, objective);
  });
  return losses;
}

function differentiate(
  context: StepContext,
  { update, network, parameters }: BoundUpdate,
): { values: number[]; gradients: (Float32Array | undefined)[] } {
  if (update.terms.length === 0) return { values: [], gradients: [] };
  const { tf, at } = context;
  const scalars: TfTensor[] = [];
  let outputs: readonly TfTensor[] | undefined;
  const objective = () => {
    // A value that is read here would cut the graph of the step in two.
    const watch = (made: { readonly outputs: readonly TfTensor[] }) =>
      (outputs = made.outputs.map((output) => tf.keep(tf.clone(output))));
    const scope = stepScope(context.watch ? { ...context, watch } : context);
    const weighted = update.terms.map((term) => {
      const loss = expectScalar(term.loss(scope), term.name);
      scalars.push(tf.keep(tf.clone(loss)));
      const weight = valueOf(term.weight, at);
      return weight === 1 ? loss : tf.mul(loss, weight);
    });
    return weighted.length === 1 ? weighted[0] : tf.addN(weighted);
  };
  try {
    const tensors = parameters.map(({ parameter }) => network.tensor(parameter.id));
    const compute = () => tf.engine().gradients(objective, tensors, undefined, true);
    const { inputs, labels } = context.batch;
    const { grads } = network.deferral.run(compute, [...inputs, labels]);
    if (outputs) context.watch?.({ outputs });
    return {
      values: scalars.map((scalar) => scalar.dataSync()[0]),
      gradients: grads.map(
        (gradient: TfTensor | undefined) => gradient?.dataSync() as Float32Array | undefined,
      ),
    };
  } catch (error) {
    abandonTape(tf);
    throw error;
  } finally {
    for (const value of [...scalars, ...(outputs ?? [])]) value.dispose();
  }
}

/** Where a term throws, tfjs forgets the tape but not the tensors that were saved on it for the gradients. */
export function abandonTape(tf: TensorFlow): void {
  const { state } = tf.engine();
  for (const node of state.activeTape ?? []) for (const saved of node.saved ?? []) saved.dispose();
  state.activeTape = [];
}

function applyUpdate(
  { optimizer }: Update,
  { parameter, values, mask, slots, penalties, after }: UpdatedParameter,
  gradient: Float32Array,
  learningRate: number,
  at: SchedulePoint,
  losses: Map<string, number>,
  prefix: string,
): number {
  let added = 0;
  for (const penalty of penalties) {
    const weight = valueOf(penalty.weight, at);
    const value = penalty.addGradient(values, gradient, weight, parameter);
    const name = `${prefix}${penalty.name}`;
    losses.set(name, (losses.get(name) ?? 0) + value);
    added += weight * value;
  }
  if (mask) for (let i = 0; i < mask.length; i++) if (mask[i] === 0) gradient[i] = 0;
  optimizer.update({ values, gradient, slots, learningRate, step: at.step + 1 });
  for (const proximal of after) proximal.apply(values, learningRate, parameter);
  return added;
}

/** What the terms of one update see; evaluations of the batch are shared among them. */
export function stepScope(context: StepContext): StepScope {
  const { tf, networks, batch, at, random, statisticsMomentum, taps, probe } = context;
  const [first] = networks.trained.keys();
  const shared = new Map<ModelReference, Activations>();
  const evaluate = (reference: ModelReference, inputs: readonly TfTensor[]) => {
    const network = find(networks, reference);
    const isTrained = typeof reference === 'string';
    const mode = isTrained ? (context.mode ?? 'training') : 'inference';
    const scope = { mode, random, statisticsMomentum };
    const values = network.run(inputs, scope, isTrained ? probe : undefined);
    return activationsOf(tf, network.model, values);
  };
  return {
    tf,
    batch,
    at,
    random,
    forward(reference = first, inputs) {
      if (inputs) return evaluate(reference, inputs);
      const known = shared.get(reference) ?? evaluate(reference, batch.inputs);
      if (reference === first && !shared.has(first)) context.watch?.(known);
      shared.set(reference, known);
      return known;
    },
    keep(name, value) {
      taps.get(name)?.dispose();
      taps.set(name, tf.keep(tf.clone(value)));
    },
    kept(name) {
      const value = taps.get(name);
      if (!value) throw new WhittleError('OPTION_INVALID', `nothing was kept as '${name}' in this step`);
      return value;
    },
  };
}

function find({ trained, frozen }: Networks, reference: ModelReference): NetworkState {
  const network = typeof reference === 'string' ? trained.get(reference) : frozen.get(reference);
  if (network) return network;
  const message =
    typeof reference === 'string'
      ? `no trained model is named '${reference}'; there are ${[...trained.keys()].join(', ')}`
      : `${reference.name} is not among the frozen models that the terms list`;
  throw new WhittleError('OPTION_INVALID', message);
}

export function expectScalar(loss: TfTensor, term: string): TfTensor {
  if (loss.size !== 1 || loss.rank !== 0)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `term ${term} must give a scalar, found shape [${loss.shape.join(', ')}]`,
    );
  return loss;
}

function expectFinite(objective: number, losses: ReadonlyMap<string, number>, at: SchedulePoint): void {
  if (Number.isFinite(objective)) return;
  const parts = [...losses].map(([name, value]) => `${name} ${value}`).join(', ');
  const epoch = Math.floor(at.step / at.stepsPerEpoch) + 1;
  throw new WhittleError(
    'LOSS_NOT_FINITE',
    `the loss is ${objective} at step ${at.step + 1} (epoch ${epoch}): ${parts}; a smaller learning rate may help`,
  );
}
