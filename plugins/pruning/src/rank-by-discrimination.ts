import type { RankedGroup } from '@whittle/channel-pruning';
import { concrete, createRandom, float32, typeOf } from '@whittle/core';
import type { Batch, BatchSource, ChannelGroup, Model, Tensor } from '@whittle/core';
import { adam, crossEntropy, fit, lossGradients } from '@whittle/train';
import type { Term } from '@whittle/train';
import {
  classifierOf,
  discriminationNetwork,
  isClassifier,
  LAYER_OUTPUTS,
  LAYER_WEIGHT,
} from './discrimination-network.js';
import { evidenceBatches } from './evidence.js';
import type { Evidence } from './evidence.js';
import { floatParameter, forEachElement, readersOf } from './filters.js';
import type { Reader } from './filters.js';

export interface DiscriminationOptions {
  /** Weight of the discrimination loss beside the reconstruction error: 1 unless told. */
  readonly lambda?: number;
  /** Rounds in which all channels are chosen, as many in each: 8 unless told; the authors choose one at a time. */
  readonly rounds?: number;
  /** Runs through the examples in which each layer's classifier is trained: 10 unless told. */
  readonly classifierEpochs?: number;
  /** Learning rate of Adam, for classifiers and weights: 0.01 unless told. */
  readonly learningRate?: number;
}

/**
 * Ranks channels by what they do for telling classes apart (discrimination-aware channel pruning, Zhuang et al. 2018,
 * algorithm 2). A layer that reads the group is given a classifier of its own, trained on what it computes. Beginning with none,
 * those channels are chosen for whose weights the gradient of the joint loss, the reconstruction error of the layer's outputs
 * and lambda times the classifier's cross entropy (equation 6), has the largest norm; the chosen weights are then trained on
 * that loss, and so on. The earlier a channel is chosen, the more important it is: from 1 down to 1 / c of c channels. Where
 * several layers read the group the mean over them counts.
 *
 * The authors have losses at a few layers only and choose on what the pruned layers before compute; here every layer has one,
 * and reads what the model computes as it is. Chosen weights begin as they are in the model. It compares channels of one group.
 * Groups that no layer reads which mixes channels are left out.
 * @throws DATASET_INVALID where there is no batch; MODEL_INVALID where weights are quantized, and what `fit` throws
 */
export async function rankByDiscrimination(
  model: Model,
  groups: readonly ChannelGroup[],
  evidence: Evidence,
  options: DiscriminationOptions = {},
): Promise<RankedGroup[]> {
  const ranked: RankedGroup[] = [];
  for (const group of groups) {
    const readers = readersOf(model, group);
    if (readers.length === 0) continue;
    const importance = new Float64Array(group.channels.length);
    for (const reader of readers) {
      const order = await chooseChannels(model, group, reader, evidence, options);
      order.forEach((channel, place) => {
        importance[channel] += (1 - place / order.length) / readers.length;
      });
    }
    ranked.push({ group, importance });
  }
  return ranked;
}

async function chooseChannels(
  model: Model,
  group: ChannelGroup,
  { node, weight: { id, axis, slot } }: Reader,
  evidence: Evidence,
  { lambda = 1, rounds = 8, classifierEpochs = 10, learningRate = 0.01 }: DiscriminationOptions,
): Promise<number[]> {
  const data = await layerData(model, node.inputs[0], evidence);
  const classes = concrete(typeOf(model, model.outputs[0].id).shape).at(-1)!;
  const whole = floatParameter(model, id);
  const { lowerings, signal, random = createRandom(0) } = evidence;
  const rest = { data, random, lowerings, signal, title: `choosing channels of ${group.name}` };
  const byAdam = { optimizer: adam(), learningRate };
  const layer = await fit({
    ...rest,
    models: { layer: discriminationNetwork(model, node, classes, { weight: whole }) },
    updates: [{ ...byAdam, parameters: isClassifier, terms: [crossEntropy()] }],
    epochs: classifierEpochs,
  });
  const teacher = layer.models.layer;
  const classifier = classifierOf(teacher);
  const terms = [reconstruction(teacher), crossEntropy({ weight: lambda })];
  const positions = group.channels.map(({ indices }) => {
    const own: number[] = [];
    forEachElement(whole, axis, indices[slot], (position) => own.push(position));
    return own;
  });
  const mask = new Uint8Array(whole.data.length).fill(1);
  for (const position of positions.flat()) mask[position] = 0;
  let weight = float32(
    whole.shape,
    whole.data.map((x, i) => (mask[i] === 0 ? 0 : x)),
  );
  const order: number[] = [];
  const each = Math.ceil(positions.length / rounds);
  while (order.length < positions.length) {
    const network = discriminationNetwork(model, node, classes, { weight, classifier });
    const gradient = await meanGradient(network, terms, evidence, data);
    const norms = positions.map((own) => own.reduce((sum, position) => sum + gradient[position] ** 2, 0));
    const left = [...positions.keys()].filter((channel) => !order.includes(channel));
    const chosen = left.sort((a, b) => norms[b] - norms[a] || a - b).slice(0, each);
    order.push(...chosen);
    if (order.length === positions.length) break;
    const values = weight.data.slice();
    for (const position of chosen.flatMap((channel) => positions[channel])) {
      mask[position] = 1;
      values[position] = whole.data[position];
    }
    weight = float32(whole.shape, values);
    const { models } = await fit({
      ...rest,
      models: { model: discriminationNetwork(model, node, classes, { weight, classifier, mask }) },
      updates: [{ ...byAdam, parameters: ({ id: name }) => name === LAYER_WEIGHT, terms }],
      epochs: 1,
    });
    weight = floatParameter(models.model, LAYER_WEIGHT);
  }
  return order;
}

/** Half the mean squared error of the layer's outputs (Zhuang et al. 2018, equation 2). */
function reconstruction(teacher: Model): Term {
  return {
    name: 'reconstruction',
    weight: 1,
    frozen: [teacher],
    loss({ tf, forward }) {
      const [found, wanted] = [forward().value(LAYER_OUTPUTS), forward(teacher).value(LAYER_OUTPUTS)];
      return tf.mul(tf.mean(tf.squaredDifference(found, wanted)), 0.5);
    },
  };
}

/** What a layer reads, as data to train on. */
async function layerData(model: Model, input: string, evidence: Evidence): Promise<BatchSource> {
  const found: Batch[] = [];
  for await (const { inputs, labels } of evidenceBatches(evidence)) {
    const feeds = new Map(model.inputs.map(({ id }, i) => [id, inputs[i]]));
    const read = (await evidence.evaluator.run(model, feeds, [input])).get(input) as Tensor;
    found.push({ inputs: [read], labels });
  }
  const examples = found.reduce((sum, { labels }) => sum + labels.shape[0], 0);
  return { examples, count: found.length, batches: () => found };
}

async function meanGradient(
  network: Model,
  terms: readonly Term[],
  { random, lowerings, signal }: Evidence,
  data: BatchSource,
): Promise<Float64Array> {
  const options = { terms, parameters: [LAYER_WEIGHT], random, lowerings, signal };
  const sum = new Float64Array(floatParameter(network, LAYER_WEIGHT).data.length);
  for await (const { parameters } of lossGradients(network, data, options))
    parameters.get(LAYER_WEIGHT)!.data.forEach((x, i) => (sum[i] += x / data.count));
  return sum;
}
