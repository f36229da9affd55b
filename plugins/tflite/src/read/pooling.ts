import { BatchMixed, reshape } from '@whittle/core';
import type { MeanAttributes, OpDefinition, PoolAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { mixed } from './known-values.js';
import { optionsOf, readClamp, readPadding, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

export function readPool(op: OpDefinition<PoolAttributes>) {
  return (o: OperatorView, graph: GraphReader): void => {
    const options = optionsOf(o, schema.Pool2DOptionsT);
    const attributes: PoolAttributes = {
      size: [options.filterHeight, options.filterWidth],
      strides: [options.strideH, options.strideW],
      padding: readPadding(o, options.padding),
      activation: readClamp(o, options.fusedActivationFunction),
    };
    graph.addResult(o, op, attributes, [graph.input(o, 0)]);
  };
}

/** MEAN, SUM, REDUCE_MAX and the like: axes are a constant and may count from the end. */
export function readReduction(op: OpDefinition<MeanAttributes>) {
  return (o: OperatorView, graph: GraphReader): void => {
    const { keepDims } = optionsOf(o, schema.ReducerOptionsT);
    const { shape } = graph.inputType(o, 0);
    const listed = Array.from(graph.constantInput(o, 1, 'list of axes').data, Number);
    const [first, ...rest] = listed.map((axis) => (axis < 0 ? axis + shape.length : axis));
    if (first === undefined) throw unreadable(o, 'a reduction over no axes, expected at least one');
    const input = graph.input(o, 0);
    if (![first, ...rest].includes(0))
      return graph.addResult(o, op, { axes: [first, ...rest], keepDims }, [input]);
    // The first axis is never reduced: one of extent 1 comes before it.
    if (shape[0] === 'batch') throw new BatchMixed(mixed(o));
    const wider = graph.addBetween(o, reshape, { shape: [1, ...shape] }, input);
    const axes: [number, ...number[]] = [first + 1, ...rest.map((axis) => axis + 1)];
    const reduced = graph.addBetween(o, op, { axes, keepDims }, wider);
    graph.addResult(o, reshape, { shape: graph.valueType(reduced).shape.slice(1) }, [reduced]);
  };
}
