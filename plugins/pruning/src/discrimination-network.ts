import {
  add,
  batchNorm,
  batchNormAffine,
  attributesOf,
  concrete,
  consumers,
  dense,
  float32,
  isOp,
  mean,
  ModelBuilder,
  mul,
  relu,
  softmax,
  soleConsumer,
  tensor,
  typeOf,
} from '@whittle/core';
import type { Model, Node, Tensor } from '@whittle/core';
import { floatParameter } from './filters.js';

/** What the layer computes in a discrimination network, without its activation. */
export const LAYER_OUTPUTS = 'outputs';
/** The layer's weight there. */
export const LAYER_WEIGHT = 'weight';
const CLASSIFIER = 'classifier/weight';

/** The layer's weight with a mask of what takes part, and the classifier's weight, where it is trained already. */
export interface DiscriminationState {
  readonly weight: Tensor<'float32'>;
  readonly mask?: Uint8Array;
  readonly classifier?: Tensor<'float32'>;
}

/**
 * A layer with a classifier of its own (Zhuang et al. 2018, section 3.1): the layer, the norm that follows it in the model,
 * with running statistics, relu, the mean over all positions, a dense layer and softmax. Its input is what the layer reads.
 */
export function discriminationNetwork(
  model: Model,
  node: Node,
  classes: number,
  { weight, mask, classifier }: DiscriminationState,
): Model {
  const builder = new ModelBuilder(`${node.outputs[0]} with a classifier`);
  const fixed = (id: string, value: Tensor) => builder.parameter(id, value, 'bias', false);
  const { dtype, shape } = typeOf(model, node.inputs[0]);
  const x = builder.input('x', ['batch', ...shape.slice(1)], { dtype });
  const bias = node.inputs[2];
  const outputs = builder.node(LAYER_OUTPUTS, node.op, { ...node.attributes, activation: 'none' }, [
    x,
    builder.parameter(LAYER_WEIGHT, weight, 'weight'),
    ...(bias === undefined ? [] : [fixed('bias', floatParameter(model, bias))]),
  ]);
  const none = { activation: 'none' } as const;
  let features = outputs;
  const norm = soleConsumer(model, consumers(model), node.outputs[0]);
  if (norm && isOp(norm, batchNorm)) {
    const numbers = norm.inputs.slice(1).map((id) => floatParameter(model, id).data);
    const { factor, shift } = batchNormAffine(attributesOf(norm, batchNorm).epsilon, numbers);
    const vector = (data: Float64Array) => float32([data.length], Float32Array.from(data));
    features = builder.node('scaled', mul, none, [features, fixed('factor', vector(factor))]);
    features = builder.node('normalized', add, none, [features, fixed('shift', vector(shift))]);
  }
  features = builder.node('active', relu, {}, [features]);
  const extents = concrete(builder.typeOf(features).shape);
  const axes = extents.slice(1, -1).map((_, i) => i + 1);
  if (axes.length > 0) features = builder.node('means', mean, { axes, keepDims: false }, [features]);
  const channels = extents[extents.length - 1];
  const logits = builder.node('logits', dense, none, [
    features,
    builder.parameter(CLASSIFIER, classifier ?? float32([channels, classes]), 'weight'),
  ]);
  builder.output(builder.node('y', softmax, { beta: 1 }, [logits]));
  const network = builder.finish();
  if (!mask) return network;
  const parameters = new Map(network.parameters);
  const old = parameters.get(LAYER_WEIGHT)!;
  parameters.set(LAYER_WEIGHT, { ...old, mask: tensor('uint8', weight.shape, mask) });
  return { ...network, parameters };
}

export function isClassifier({ id }: { readonly id: string }): boolean {
  return id === CLASSIFIER;
}

export function classifierOf(network: Model): Tensor<'float32'> {
  return floatParameter(network, CLASSIFIER);
}
