import { createRandom, throwIfAborted, WhittleError } from '@whittle/core';
import type { Batch, BatchSource, Id, LoweringTable, Model, Random, Tensor } from '@whittle/core';
import { fromTf, uploadBatch } from './exchange.js';
import type { Mode } from './lowering.js';
import { NetworkState } from './network-state.js';
import { valueOf } from './schedule.js';
import type { Term } from './term.js';
import { loadTensorFlow } from './tensorflow.js';
import type { TensorFlow, TfTensor } from './tensorflow.js';
import { abandonTape, expectScalar, stepScope } from './train-step.js';
import type { Networks } from './train-step.js';

export interface GradientOptions {
  /** The loss: terms as in `fit`, weighted, of a model that they don't name or call 'model'. */
  readonly terms: readonly Term[];
  /** Parameters to differentiate by, trainable or not. */
  readonly parameters?: readonly Id[];
  /** Computed values to differentiate by; a gradient of one is that of all that reads it, the terms included. */
  readonly values?: readonly Id[];
  /** Batches to take, from the first on; all of one epoch unless told. */
  readonly batches?: number;
  /** Batch norms use the running statistics unless told; 'training' uses the batch's, and doesn't update any. */
  readonly mode?: Mode;
  /** For sources and terms that draw; seed 0 unless told. */
  readonly random?: Random;
  /** Lowerings of plugins' ops. */
  readonly lowerings?: LoweringTable;
  readonly signal?: AbortSignal;
}

/** A loss and its gradients on one batch. */
export interface LossGradients {
  readonly batch: Batch;
  /** The weighted sum of the terms. */
  readonly loss: number;
  /** d loss / d parameter, of the parameter's shape; zero where the loss doesn't depend on it. */
  readonly parameters: ReadonlyMap<Id, Tensor<'float32'>>;
  /** What the model computed, and d loss / d value, of the same shape. */
  readonly values: ReadonlyMap<Id, { readonly value: Tensor; readonly gradient: Tensor<'float32'> }>;
}

/**
 * Gradients of a loss by parameters and by values that the model computes, batch after batch. The model stays as it is.
 * @throws OPTION_INVALID where there is no such parameter or computed value, or nothing to differentiate; OP_UNSUPPORTED,
 * SHAPE_MISMATCH, TARGET_UNAVAILABLE, LOSS_NOT_FINITE, DATASET_INVALID where there is no batch, ABORTED
 */
export async function* lossGradients(
  model: Model,
  data: BatchSource,
  options: GradientOptions,
): AsyncGenerator<LossGradients> {
  checkOptions(model, options);
  const { terms, batches = Infinity, random = createRandom(0), lowerings, signal } = options;
  const tf = await loadTensorFlow();
  const mode = options.mode ?? 'inference';
  const trained = new Map<string, NetworkState>();
  const frozen = new Map<Model, NetworkState>();
  try {
    trained.set('model', await NetworkState.create(tf, model, 'inference', lowerings));
    for (const other of terms.flatMap((term) => term.frozen ?? []))
      if (!frozen.has(other)) frozen.set(other, await NetworkState.create(tf, other, 'inference', lowerings));
    let step = 0;
    for await (const batch of data.batches({ random, epoch: 0 })) {
      if (step === batches) break;
      throwIfAborted(signal);
      yield differentiate(tf, { trained, frozen }, batch, { ...options, mode, random }, step);
      step++;
      await new Promise(setImmediate);
    }
    if (step === 0) throw new WhittleError('DATASET_INVALID', 'there is no batch to differentiate on');
  } finally {
    for (const network of [...trained.values(), ...frozen.values()]) network.dispose();
  }
}

function differentiate(
  tf: TensorFlow,
  networks: Networks,
  batch: Batch,
  { terms, parameters = [], values = [], mode, random }: GradientOptions & { mode: Mode; random: Random },
  step: number,
): LossGradients {
  const network = networks.trained.get('model') as NetworkState;
  const before = network.snapshot();
  const tensors = uploadBatch(tf, batch);
  const taps = new Map<string, TfTensor>();
  const probed = new Map<Id, TfTensor>();
  const zeros = new Map(values.map((id) => [id, zerosLike(tf, network, id, batch)]));
  const at = { step, stepsPerEpoch: 1, epochs: 1 };
  const objective = () => {
    const scope = stepScope({
      tf,
      networks,
      batch: tensors,
      at,
      random: (random as Random).at('gradients', 0, step),
      statisticsMomentum: 0.9,
      taps,
      mode,
      // The gradient by an added zero is that by the sum.
      probe(id, value) {
        const zero = zeros.get(id);
        if (!zero) return value;
        const sum = tf.add(value, zero);
        probed.get(id)?.dispose();
        probed.set(id, tf.keep(tf.clone(sum)));
        return sum;
      },
    });
    const weighted = terms.map((term) =>
      tf.mul(expectScalar(term.loss(scope), term.name), valueOf(term.weight, at)),
    );
    return tf.addN(weighted);
  };
  try {
    const found: TfTensor[] = [...parameters.map((id) => network.tensor(id)), ...zeros.values()];
    let result: LossGradients | undefined;
    tf.tidy(() => {
      const { value, grads } = tf.engine().gradients(objective, found, undefined, true);
      const loss = value.dataSync()[0];
      if (!Number.isFinite(loss))
        throw new WhittleError('LOSS_NOT_FINITE', `the loss is ${loss} on batch ${step + 1}`);
      const gradientAt = (i: number) =>
        fromTf((grads[i] as TfTensor | undefined) ?? tf.zerosLike(found[i])) as Tensor<'float32'>;
      result = {
        batch,
        loss,
        parameters: new Map(parameters.map((id, i) => [id, gradientAt(i)])),
        values: new Map(
          values.map((id, i) => [
            id,
            { value: fromTf(probed.get(id) as TfTensor), gradient: gradientAt(parameters.length + i) },
          ]),
        ),
      };
    });
    return result as LossGradients;
  } catch (error) {
    abandonTape(tf);
    throw error;
  } finally {
    if (mode === 'training') network.restore(before);
    const own = [...tensors.inputs, tensors.labels, ...taps.values(), ...probed.values(), ...zeros.values()];
    for (const value of own) value.dispose();
  }
}

function zerosLike(tf: TensorFlow, network: NetworkState, id: Id, batch: Batch): TfTensor {
  const shape = network.model.values.get(id)?.shape ?? [];
  return tf.zeros(shape.map((dim) => (dim === 'batch' ? batch.inputs[0].shape[0] : dim)));
}

function checkOptions(model: Model, { terms, parameters = [], values = [], batches }: GradientOptions): void {
  const refuse = (message: string) => new WhittleError('OPTION_INVALID', `gradients: ${message}`);
  if (terms.length === 0) throw refuse('there is no term, so no loss');
  if (parameters.length + values.length === 0) throw refuse('nothing is named to differentiate by');
  if (batches !== undefined && !(Number.isInteger(batches) && batches >= 1))
    throw refuse(`batches must be an integer of at least 1, found ${batches}`);
  const parameter = parameters.find((id) => model.parameters.get(id)?.tensor.dtype !== 'float32');
  if (parameter !== undefined) throw refuse(`'${parameter}' is no float32 parameter of ${model.name}`);
  const computed = new Set(model.nodes.flatMap((node) => node.outputs));
  const value = values.find((id) => !computed.has(id) || model.values.get(id)?.dtype !== 'float32');
  if (value !== undefined) throw refuse(`'${value}' is no float32 value that ${model.name} computes`);
}
