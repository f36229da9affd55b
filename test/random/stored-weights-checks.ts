import { isDeepStrictEqual } from 'node:util';
import { bind, depthwiseConv2d, isOp, nodeName, verify } from '@whittle/core';
import type { Id, Model, Node, Tensor } from '@whittle/core';
import type { RandomModel } from '@whittle/testkit';
import { emitTflite, readTfliteModel } from '@whittle/tflite';
import type { WeightStorage } from '@whittle/tflite';
import { readTflite, schema } from '@whittle/tflite-schema';
import type { Findings } from './check.js';
import { context, registry } from './context.js';
import { checkEachNode } from './each-node.js';
import type { NodeTolerance } from './each-node.js';
import { litertRuntimesFor } from './tflite-checks.js';

/** Sums in another order, relative to 1 + |x|. */
const otherSums = 1e-4;

/** A float model with its weights stored as float16 or by dynamic range: what is read of it, and what LiteRT makes of it. */
export async function checkStoredWeights(
  { seed, model, inputs }: RandomModel,
  weights: Exclude<WeightStorage, 'float32'>,
  findings: Findings,
): Promise<void> {
  const { lowerings } = registry;
  const emit = (from: Model) => emitTflite(from, { lowerings, weights });
  let read: Model | undefined;
  await findings.check(`.tflite, ${weights}: read, written, read again`, seed, async () => {
    // Where ops of different layouts share a parameter, a file has one for each: weights that may be stored otherwise.
    const apart = readTfliteModel(await emitTflite(model, { lowerings }));
    read = readTfliteModel(await emit(apart));
    verify(read);
    const again = readTfliteModel(await emit(read));
    if (!isDeepStrictEqual(again, read))
      throw new Error('a file that is read and written gives another model');
  });
  if (!read) return;
  const bound = bind(read, { batch: 1 });
  for (const runtime of litertRuntimesFor(model))
    await findings.check(`.tflite, ${weights}: ${runtime.name}`, seed, async () => {
      let stored = new Set<Id>();
      const toTflite = async (from: Model) => {
        const bytes = await emit(from);
        stored = int8Weights(bytes);
        return bytes;
      };
      await checkEachNode(bound, inputs, {
        runtime,
        context: { ...context, toTflite },
        evaluate: (node, operands) => {
          const tensors = node.inputs.map((id) => operands.get(id) as Tensor);
          const { op, attributes } = node;
          return op
            .evaluate({ name: nodeName(node), attributes, inputs: tensors }, tensors)
            .map(({ data }) => data);
        },
        toleranceOf: (node, operands) => ({
          absolute: stored.has(node.inputs[1]) ? hybridError(node, operands) : 0,
          relative: otherSums,
        }),
      });
    });
}

/** Names of the tensors of int8, which stand for float weights. */
function int8Weights(bytes: Uint8Array): Set<Id> {
  const { tensors } = readTflite(bytes).subgraphs[0];
  return new Set(
    tensors.filter(({ type }) => type === schema.TensorType.INT8).map(({ name }) => String(name)),
  );
}

/**
 * What LiteRT's layers with int8 weights are off at the most: they quantize their input, each example or row by itself, to
 * 8 bits, which moves every element by a step of the largest magnitude / 127 at the most; the result moves by that times the
 * sum of a channel's weights, without signs.
 */
function hybridError(node: Node, operands: ReadonlyMap<Id, Tensor>): NodeTolerance['absolute'] {
  const [input, weight] = node.inputs.map((id) => operands.get(id) as Tensor);
  const step = (input.data as Float32Array).reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127;
  const channels = isOp(node, depthwiseConv2d)
    ? weight.shape[2] * weight.shape[3]
    : weight.shape[weight.shape.length - 1];
  const sums = new Float64Array(channels);
  (weight.data as Float32Array).forEach((w, i) => (sums[i % channels] += Math.abs(w)));
  return step * Math.max(...sums);
}
