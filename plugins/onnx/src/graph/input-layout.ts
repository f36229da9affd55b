import type { Dim } from '@whittle/core';
import type { GraphProto, NodeProto } from '../proto/messages.js';
import { channelsLast, identity, sameNumbers } from '../values/order.js';

/** Ops that take channels as axis 1. */
const channelsFirst = new Set([
  'Conv',
  'ConvTranspose',
  'BatchNormalization',
  'InstanceNormalization',
  'GroupNormalization',
  'MaxPool',
  'AveragePool',
  'GlobalAveragePool',
  'GlobalMaxPool',
  'DepthToSpace',
  'SpaceToDepth',
  'LRN',
]);

/** Ops whose results have axes of other meanings than their operands. */
const mixesAxes = new Set([
  'Reshape',
  'Flatten',
  'MatMul',
  'Gemm',
  'Gather',
  'Squeeze',
  'Unsqueeze',
  'Shape',
  'Einsum',
  'LSTM',
  'GRU',
  'RNN',
]);

/**
 * How an input is stored. Images [N, C, H, W] become [N, H, W, C], and sequences [N, C, T] that a convolution or the like reads
 * [N, T, C]. Where the first thing that a model does is to bring channels forward, they are last already.
 */
export function inputOrder(graph: GraphProto, name: string, shape: readonly Dim[]): number[] {
  const rank = shape.length;
  if (rank !== 3 && rank !== 4) return identity(rank);
  const last = channelsLast(rank);
  const first = [0, rank - 1, ...identity(rank).slice(1, -1)];
  const readers = new Map<string, NodeProto[]>();
  for (const node of graph.node ?? [])
    for (const input of new Set(node.input)) readers.set(input, [...(readers.get(input) ?? []), node]);
  const queue = [name];
  const seen = new Set(queue);
  for (let next = queue.shift(); next !== undefined; next = queue.shift())
    for (const node of readers.get(next) ?? []) {
      const op = node.opType ?? '';
      if (op === 'Transpose') {
        const permutation = node.attribute?.find((each) => each.name === 'perm')?.ints ?? [];
        if (sameNumbers(permutation, first)) return identity(rank);
        continue;
      }
      if (channelsFirst.has(op)) {
        if (node.input?.[0] === next) return last;
        continue;
      }
      if (mixesAxes.has(op) || op.startsWith('Reduce')) continue;
      for (const output of node.output ?? [])
        if (!seen.has(output)) {
          seen.add(output);
          queue.push(output);
        }
    }
  return rank === 4 ? last : identity(rank);
}
