import type * as tf from '@tensorflow/tfjs';
import { interpret } from '@whittle/core';
import type { Model, Tensor } from '@whittle/core';
import { describeDifference, firstDifference } from '@whittle/testkit';

/** How far outputs may lie apart, of the largest. */
export const tolerance = 1e-4;

/** What is wrong with what a model gives, compared with TensorFlow.js' outputs; undefined where nothing is. */
export function outputFault(
  model: Model,
  feeds: readonly Tensor[],
  expected: readonly tf.Tensor[],
): string | undefined {
  const values = interpret(model, new Map(model.inputs.map(({ id }, i) => [id, feeds[i]])));
  const faults = expected.map((wanted, i) => {
    const found = values.get(model.outputs[i].id)!;
    if (found.shape.join() !== wanted.shape.join())
      return `shape [${found.shape.join()}], not [${wanted.shape.join()}]`;
    const data = Float32Array.from(wanted.dataSync());
    const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const difference = firstDifference({ shape: wanted.shape, data }, found, largest * tolerance);
    return difference && `output ${i}: ${describeDifference(difference)}`;
  });
  return faults.find((fault) => fault !== undefined);
}
