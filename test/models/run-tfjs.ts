import * as tf from '@tensorflow/tfjs';
import { tensor } from '@whittle/core';
import type { Model, Tensor } from '@whittle/core';

/** Runs a `model.json` once, in TensorFlow.js; its inputs are those of the model that was read from it. */
export async function runTfjs(
  bytes: Uint8Array,
  readBeside: (name: string) => Promise<Uint8Array>,
  model: Model,
  inputs: readonly Tensor[],
): Promise<Tensor[]> {
  await tf.setBackend('cpu');
  const file = JSON.parse(new TextDecoder().decode(bytes)) as tf.io.ModelJSON;
  const artifacts = await tf.io.getModelArtifactsForJSON(file, async (groups) => {
    const shards = groups.flatMap(({ paths }) => paths).map((path) => readBeside(path));
    const data = new Uint8Array(await new Blob(await Promise.all(shards)).arrayBuffer());
    return [groups.flatMap(({ weights }) => weights), data.buffer];
  });
  const handler = tf.io.fromMemory(artifacts);
  const given = inputs.map(({ dtype, shape, data }) =>
    tf.tensor(data as Float32Array, [...shape], dtype === 'int32' ? 'int32' : 'float32'),
  );
  const outputs = (
    file.format === 'graph-model'
      ? await runGraph(handler, model, given)
      : (await tf.loadLayersModel(handler)).predict(given)
  ) as tf.Tensor | tf.Tensor[];
  return [outputs]
    .flat()
    .map((output) => tensor('float32', output.shape, Float32Array.from(output.dataSync())));
}

async function runGraph(handler: tf.io.IOHandler, model: Model, inputs: readonly tf.Tensor[]) {
  const graph = await tf.loadGraphModel(handler);
  return graph.execute(
    Object.fromEntries(model.inputs.map(({ id }, i) => [id, inputs[i]])),
    graph.outputNodes,
  );
}
