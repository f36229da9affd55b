import type { TfliteModel } from './tflite-model.js';

/**
 * The first index in a model that points to nothing, in words: of a buffer, an operator code, a tensor, a subgraph.
 * undefined where all is well. Tensor index -1 is an absent input.
 */
export function danglingReference(model: TfliteModel): string | undefined {
  for (const found of dangling(model)) return found;
  return undefined;
}

function* dangling(model: TfliteModel): Generator<string> {
  const { buffers, operatorCodes, subgraphs } = model;
  for (const [s, subgraph] of subgraphs.entries()) {
    const tensors = subgraph.tensors.length;
    for (const [t, tensor] of subgraph.tensors.entries())
      yield* outside(`subgraph ${s}, tensor ${t}: buffer`, [tensor.buffer], buffers.length);
    yield* outside(`subgraph ${s}: input tensor`, subgraph.inputs, tensors);
    yield* outside(`subgraph ${s}: output tensor`, subgraph.outputs, tensors);
    for (const [o, operator] of subgraph.operators.entries()) {
      const where = `subgraph ${s}, operator ${o}`;
      yield* outside(`${where}: operator code`, [operator.opcodeIndex], operatorCodes.length);
      yield* outside(`${where}: input tensor`, operator.inputs, tensors, -1);
      yield* outside(`${where}: output tensor`, operator.outputs, tensors);
      yield* outside(`${where}: intermediate tensor`, operator.intermediates, tensors);
    }
  }
  for (const [s, signature] of model.signatureDefs.entries()) {
    yield* outside(`signature ${s}: subgraph`, [signature.subgraphIndex], subgraphs.length);
    const tensors = subgraphs[signature.subgraphIndex]?.tensors.length ?? 0;
    for (const { tensorIndex } of [...signature.inputs, ...signature.outputs])
      yield* outside(`signature ${s}: tensor`, [tensorIndex], tensors);
  }
  for (const [m, { buffer }] of model.metadata.entries())
    yield* outside(`metadata ${m}: buffer`, [buffer], buffers.length);
  yield* outside('metadata buffer', model.metadataBuffer, buffers.length);
}

function* outside(what: string, indices: readonly number[], count: number, least = 0): Generator<string> {
  for (const index of indices)
    if (index < least || index >= count) yield `${what} ${index} does not exist, there are ${count}`;
}
