import {
  BatchMixed,
  concrete,
  argMax,
  argMin,
  cast,
  castAttributes,
  cumsum,
  gather,
  reshape,
  tile,
} from '@whittle/core';
import type { ArgExtremumAttributes, Dim, OpDefinition } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { mixed } from './known-values.js';
import { invalid, optionsOf, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';
import type { OperatorReader } from './operators.js';
import { readList } from './slice.js';

/** GATHER: the axis may count from the end. */
function readGather(o: OperatorView, graph: GraphReader): void {
  const { axis, batchDims } = optionsOf(o, schema.GatherOptionsT);
  if (batchDims !== 0) throw unreadable(o, `gathers within ${batchDims} batch dimensions, expected none`);
  const rank = graph.inputType(o, 0).shape.length;
  const operands = [graph.input(o, 0), graph.input(o, 1)];
  graph.addResult(o, gather, { axis: axis < 0 ? axis + rank : axis }, operands);
}

/** EMBEDDING_LOOKUP: indices first, then the table. */
function readEmbeddingLookup(o: OperatorView, graph: GraphReader): void {
  graph.addResult(o, gather, { axis: 0 }, [graph.input(o, 1), graph.input(o, 0)]);
}

function readTile(o: OperatorView, graph: GraphReader): void {
  graph.addResult(o, tile, { multiples: readList(o, graph, 1, 'multiples') }, [graph.input(o, 0)]);
}

/** BROADCAST_TO: axes of extent 1 are repeated, after the input has got as many axes as the output. */
function readBroadcastTo(o: OperatorView, graph: GraphReader): void {
  const { shape } = graph.inputType(o, 0);
  const target = graph.resultShape(o) ?? concrete(graph.dimsInput(o, 1, 'shape'));
  const missing = target.length - shape.length;
  if (missing < 0) throw invalid(o, `broadcasts ${shape.length} axes to ${target.length}`);
  if (missing > 0 && shape[0] === 'batch') throw new BatchMixed(mixed(o));
  const wider: Dim[] = [...target.slice(0, missing).map(() => 1), ...shape];
  const input = graph.input(o, 0);
  const from = missing > 0 ? graph.addBetween(o, reshape, { shape: wider }, input) : input;
  const multiples = concrete(target).map((extent, axis) => extent / concrete(wider)[axis]);
  if (!multiples.every(Number.isInteger))
    throw invalid(o, `doesn't broadcast [${shape.join(', ')}] to [${target.join(', ')}]`);
  graph.addResult(o, tile, { multiples }, [from]);
}

/** ARG_MAX or ARG_MIN. */
const readArgExtremum =
  (op: OpDefinition<ArgExtremumAttributes>) =>
  (o: OperatorView, graph: GraphReader): void => {
    const rank = graph.inputType(o, 0).shape.length;
    const [axis = NaN] = readList(o, graph, 1, 'axis');
    const { dtype } = graph.typeOf(o.outputs[0]);
    if (dtype !== 'int32' && dtype !== 'int64')
      throw invalid(o, `finds indices of ${dtype}, expected int32 or int64`);
    graph.addResult(o, op, { axis: axis < 0 ? axis + rank : axis, dtype }, [graph.input(o, 0)]);
  };

function readCumsum(o: OperatorView, graph: GraphReader): void {
  const { exclusive, reverse } = optionsOf(o, schema.CumsumOptionsT);
  const rank = graph.inputType(o, 0).shape.length;
  const [axis = NaN] = readList(o, graph, 1, 'axis');
  const attributes = { axis: axis < 0 ? axis + rank : axis, exclusive, reverse };
  graph.addResult(o, cumsum, attributes, [graph.input(o, 0)]);
}

/** CAST: the types are those of the tensors, which the options only repeat. */
function readCast(o: OperatorView, graph: GraphReader): void {
  const parsed = castAttributes.safeParse({ dtype: graph.typeOf(o.outputs[0]).dtype });
  if (!parsed.success) throw unreadable(o, `casts to ${graph.typeOf(o.outputs[0]).dtype}`);
  graph.addResult(o, cast, parsed.data, [graph.input(o, 0)]);
}

/** Readers of operators that find, count, pick and repeat. */
export const indexReaders: Readonly<Record<string, OperatorReader>> = {
  ARG_MAX: readArgExtremum(argMax),
  ARG_MIN: readArgExtremum(argMin),
  BROADCAST_TO: readBroadcastTo,
  CAST: readCast,
  CUMSUM: readCumsum,
  EMBEDDING_LOOKUP: readEmbeddingLookup,
  GATHER: readGather,
  TILE: readTile,
};
