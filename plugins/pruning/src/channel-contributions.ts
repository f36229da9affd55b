import { createRandom } from '@whittle/core';
import type { ChannelGroup, Model } from '@whittle/core';
import { evidenceBatches } from './evidence.js';
import type { Evidence } from './evidence.js';
import { floatParameter, readersOf } from './filters.js';
import type { Reader } from './filters.js';
import { layerOutputs, sampleLayer, samplePositions, tapsOfChannels } from './layer-samples.js';
import type { LayerSamples } from './layer-samples.js';

/** How much of what the next layers compute each channel of a group accounts for. */
export interface ChannelContributions {
  readonly group: ChannelGroup;
  /**
   * Inner products of what two channels contribute to the outputs of the layers that read them, over all samples: [c, c]
   * row-major, of c channels. What channels contribute in all is the outputs, without bias, as far as this group makes them.
   */
  readonly gram: Float64Array;
}

export interface SampleOptions {
  /** Positions of a layer's output that are looked at in each example; 10 unless told. */
  readonly positions?: number;
}

/**
 * Measures the contributions of each group's channels to what the layers that read them compute, on the model as it is.
 * Groups that no layer reads which mixes channels are left out.
 * @throws DATASET_INVALID where there is no batch, MODEL_INVALID where weights are quantized, SHAPE_MISMATCH, ABORTED
 */
export async function channelContributions(
  model: Model,
  groups: readonly ChannelGroup[],
  evidence: Evidence,
  { positions = 10 }: SampleOptions = {},
): Promise<ChannelContributions[]> {
  const judged = groups
    .map((group) => ({ group, readers: readersOf(model, group) }))
    .filter(({ readers }) => readers.length > 0)
    .map((each) => ({ ...each, gram: new Float64Array(each.group.channels.length ** 2) }));
  const nodes = new Set(judged.flatMap(({ readers }) => readers.map(({ node }) => node)));
  const fetch = [...new Set([...nodes].map((node) => node.inputs[0]))];
  const random = evidence.random ?? createRandom(0);
  let step = 0;
  for await (const { inputs } of evidenceBatches(evidence)) {
    if (nodes.size === 0) break;
    const values = await evidence.evaluator.run(
      model,
      new Map(model.inputs.map(({ id }, i) => [id, inputs[i]])),
      fetch,
    );
    const samples = new Map(
      [...nodes].map((node) => {
        const draws = random.at(`pruning/samples ${node.outputs[0]}`, 0, step);
        const sampled = samplePositions(model, node, inputs[0].shape[0], positions, draws);
        const weight = floatParameter(model, node.inputs[1]);
        return [node, sampleLayer(node, values.get(node.inputs[0])!, weight, sampled)] as const;
      }),
    );
    for (const { group, readers, gram } of judged)
      for (const reader of readers) addGram(gram, model, group, reader, samples.get(reader.node)!);
    step++;
  }
  return judged.map(({ group, gram }) => ({ group, gram }));
}

function addGram(
  gram: Float64Array,
  model: Model,
  group: ChannelGroup,
  { weight: { id, slot } }: Reader,
  samples: LayerSamples,
): void {
  const tensor = floatParameter(model, id);
  const count = group.channels.length;
  const parts = group.channels.map(({ indices }) =>
    layerOutputs(samples, tensor, tapsOfChannels(tensor, indices[slot])),
  );
  for (let a = 0; a < count; a++)
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let i = 0; i < parts[a].length; i++) product += parts[a][i] * parts[b][i];
      gram[a * count + b] += product;
      if (a !== b) gram[b * count + a] += product;
    }
}
