import type { MeanAttributes, OpDefinition, PoolAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { optionsOf, readActivation, readPadding, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

export function readPool(op: OpDefinition<PoolAttributes>) {
  return (o: OperatorView, graph: GraphReader): void => {
    const options = optionsOf(o, schema.Pool2DOptionsT);
    const attributes: PoolAttributes = {
      size: [options.filterHeight, options.filterWidth],
      strides: [options.strideH, options.strideW],
      padding: readPadding(o, options.padding),
      activation: readActivation(o, options.fusedActivationFunction),
    };
    graph.addResult(o, op, attributes, [graph.input(o, 0)]);
  };
}

/** MEAN, SUM, REDUCE_MAX and the like: axes are a constant and may count from the end. */
export function readReduction(op: OpDefinition<MeanAttributes>) {
  return (o: OperatorView, graph: GraphReader): void => {
    const { keepDims } = optionsOf(o, schema.ReducerOptionsT);
    const rank = graph.inputType(o, 0).shape.length;
    const listed = Array.from(graph.constantInput(o, 1, 'list of axes').data, Number);
    const [first, ...rest] = listed.map((axis) => (axis < 0 ? axis + rank : axis));
    if (first === undefined) throw unreadable(o, 'a reduction over no axes, expected at least one');
    graph.addResult(o, op, { axes: [first, ...rest], keepDims }, [graph.input(o, 0)]);
  };
}
