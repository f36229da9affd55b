import { bind, concrete, createRandom, float32, runPipeline, sizeOf, tensor, typeOf } from '@whittle/core';
import type { Id, Model, PipelineOptions, Tensor } from '@whittle/core';
import { postTraining } from './post-training.js';

/**
 * Quantizes a float model by ranges that it has for noise, so that what its int8 program takes can be measured without
 * data: memory and time depend on shapes, hardly on ranges. Its outputs are of no use. The same model gives the same result.
 * @throws what quantization throws
 */
export async function quantizeStandIn(
  model: Model,
  options: Pick<PipelineOptions, 'plugins' | 'evaluator' | 'signal'> = {},
): Promise<Model> {
  const bound = bind(model, { batch: 1 });
  const feeds = new Map(model.inputs.map(({ id }) => [id, noise(bound, id)]));
  return (await runPipeline(model, [postTraining({ data: [feeds] })], options)).model;
}

/** Normal draws of one example; of integers, zeros. */
function noise(model: Model, id: Id): Tensor {
  const { dtype, shape } = typeOf(model, id);
  const extents = concrete(shape);
  if (dtype !== 'float32') return tensor(dtype, extents, new Array<number>(sizeOf(extents)).fill(0));
  const data = new Float32Array(sizeOf(extents));
  createRandom(0).at(id).fillNormal(data);
  return float32(extents, data);
}
