import { batchMatmul } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { optionsOf } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

export function readBatchMatmul(o: OperatorView, graph: GraphReader): void {
  const { adjX, adjY } = optionsOf(o, schema.BatchMatMulOptionsT);
  const operands = [graph.input(o, 0), graph.input(o, 1)];
  graph.addResult(o, batchMatmul, { transposeA: adjX, transposeB: adjY }, operands);
}
