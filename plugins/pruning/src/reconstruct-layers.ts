import { createRandom, float32, nodeName, patch, removedIndices } from '@whittle/core';
import type { Batch, Id, Model, Node, Removal, Tensor } from '@whittle/core';
import type { SampleOptions } from './channel-contributions.js';
import { evidenceBatches } from './evidence.js';
import type { Evidence } from './evidence.js';
import { inputAxis } from './filters.js';
import { LayerFit } from './layer-fit.js';
import { layerOutputs, sampleLayer, samplePositions } from './layer-samples.js';
import type { LayerSamples } from './layer-samples.js';

/** What reconstruction did to one layer. Errors are sums of squares on the samples, as shares of the outputs' own. */
export interface ReconstructedLayer {
  readonly name: string;
  readonly errorBefore: number;
  readonly errorAfter: number;
}

export interface ReconstructOptions extends SampleOptions {
  /**
   * `weights` (unless told): all weights and the bias (He et al. 2017, section 3.1); `scales`: one factor for each input
   * channel (ThiNet, Luo et al. 2017, section 3.2.3).
   */
  readonly fit?: 'weights' | 'scales';
  /**
   * How strongly weights are held to what they are, as a share of the mean square of what they are multiplied with: 1e-3 unless
   * told. It decides about channels that are 0 on all samples, and others that the samples say little about.
   */
  readonly ridge?: number;
}

/**
 * Fits what is left of the layers that read removed channels to what they computed before, by least squares over samples of
 * their outputs ahead of the activation. Layers are fitted in order, each on what the ones before it now compute (He et al.
 * 2017, section 3.2). Masked weights stay 0. `removed` is what `pruned` lacks of `reference`, to which it owes its names.
 * @throws DATASET_INVALID where there is no batch, SHAPE_MISMATCH, ABORTED
 */
export async function reconstructLayers(
  reference: Model,
  pruned: Model,
  removed: readonly Removal[],
  evidence: Evidence,
  options: ReconstructOptions = {},
): Promise<{ readonly model: Model; readonly layers: readonly ReconstructedLayer[] }> {
  const gone = removedIndices(removed);
  const before = new Map(reference.nodes.map((node) => [nodeName(node), node]));
  const layers: ReconstructedLayer[] = [];
  let model = pruned;
  for (const [id, nodes] of layersByWeight(pruned)) {
    const [{ op }] = nodes;
    if (!gone.get(id)?.has(inputAxis(nodes[0]))) continue;
    const lost = gone.get(id)?.get(op.linear!.outputAxes[0]) ?? new Set<number>();
    const pairs = nodes.map((node) => ({ node, old: before.get(nodeName(node))! }));
    const fit = new LayerFit(model, nodes[0], options);
    for await (const { samples, outputs } of samplePairs(reference, model, pairs, evidence, options))
      fit.add(samples, withoutColumns(outputs, samples.rows, lost));
    const { parameters, errorBefore, errorAfter } = fit.solve();
    layers.push({ name: nodeName(nodes[0]), errorBefore, errorAfter });
    const current = model;
    model = patch(current, (edit) => {
      for (const [changed, data] of parameters) {
        const { tensor, mask } = current.parameters.get(changed)!;
        edit.setParameter(changed, { tensor: float32(tensor.shape, masked(data, mask)) });
      }
    });
  }
  return { model, layers };
}

/** Layers that mix their input channels, by their weight, in order of computation. */
function layersByWeight(model: Model): Map<Id, Node[]> {
  const found = new Map<Id, Node[]>();
  for (const node of model.nodes) {
    const id = node.inputs[1];
    if (node.op.linear?.outputAxes.length === 1 && model.parameters.has(id))
      found.set(id, [...(found.get(id) ?? []), node]);
  }
  return found;
}

/** What layers now read, and what they computed before, at the same positions. */
async function* samplePairs(
  reference: Model,
  model: Model,
  pairs: readonly { readonly node: Node; readonly old: Node }[],
  evidence: Evidence,
  { positions = 10 }: ReconstructOptions,
): AsyncGenerator<{ readonly samples: LayerSamples; readonly outputs: Float64Array }> {
  const random = evidence.random ?? createRandom(0);
  let step = 0;
  const inputsOf = async (of: Model, nodes: readonly Node[], { inputs }: Batch) => {
    const feeds = new Map(of.inputs.map(({ id }, i) => [id, inputs[i]]));
    return evidence.evaluator.run(of, feeds, [...new Set(nodes.map((node) => node.inputs[0]))]);
  };
  for await (const batch of evidenceBatches(evidence)) {
    const olds = await inputsOf(
      reference,
      pairs.map(({ old }) => old),
      batch,
    );
    const news = await inputsOf(
      model,
      pairs.map(({ node }) => node),
      batch,
    );
    for (const { node, old } of pairs) {
      const draws = random.at(`pruning/samples ${nodeName(node)}`, 0, step);
      const at = samplePositions(model, node, batch.inputs[0].shape[0], positions, draws);
      const oldWeight = reference.parameters.get(old.inputs[1])!.tensor;
      const oldBias = reference.parameters.get(old.inputs[2])?.tensor.data;
      const oldSamples = sampleLayer(old, olds.get(old.inputs[0])!, oldWeight, at);
      const outputs = layerOutputs(oldSamples, oldWeight);
      if (oldBias) for (let i = 0; i < outputs.length; i++) outputs[i] += Number(oldBias[i % oldBias.length]);
      const weight = model.parameters.get(node.inputs[1])!.tensor;
      yield { samples: sampleLayer(node, news.get(node.inputs[0])!, weight, at), outputs };
    }
    step++;
  }
}

function withoutColumns(
  matrix: Float64Array,
  rows: number,
  gone: Pick<ReadonlySet<number>, 'has' | 'size'>,
): Float64Array {
  const columns = matrix.length / rows;
  return gone.size === 0 ? matrix : matrix.filter((_, i) => !gone.has(i % columns));
}

function masked(data: Float32Array, mask: Tensor<'uint8'> | undefined): Float32Array {
  return mask ? data.map((x, i) => (mask.data[i] === 0 ? 0 : x)) : data;
}
