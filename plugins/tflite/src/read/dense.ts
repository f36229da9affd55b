import { BatchMixed, dense, reshape, sizeOf } from '@whittle/core';
import type { Id } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import { swapAxes } from '../weight-layout.js';
import { biasOperands } from './bias.js';
import type { GraphReader } from './graph-reader.js';
import { mixed } from './known-values.js';
import { invalid, optionsOf, readActivation, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/** FULLY_CONNECTED: weight [O, I]. Unless it keeps the input's dimensions, the input is brought to [N, I] first. */
export function readDense(o: OperatorView, graph: GraphReader): void {
  const options = optionsOf(o, schema.FullyConnectedOptionsT);
  if (options.weightsFormat !== schema.FullyConnectedOptionsWeightsFormat.DEFAULT)
    throw unreadable(o, 'the weights are shuffled, expected them in order');
  const weight = graph.constantInput(o, 1, 'weight');
  if (weight.shape.length !== 2) throw invalid(o, `weight of rank ${weight.shape.length}, expected 2`);
  graph.addResult(o, dense, { activation: readActivation(o, options.fusedActivationFunction) }, [
    options.keepNumDims ? graph.input(o, 0) : matrixInput(o, graph, weight.shape[1]),
    graph.parameter(o, 1, { role: 'weight', layout: 'io', rearrange: swapAxes }),
    ...biasOperands(o, graph, options.quantizedBiasType, weight.shape[0]),
  ]);
}

function matrixInput(o: OperatorView, graph: GraphReader, width: number): Id {
  const id = graph.input(o, 0);
  const { shape } = graph.inputType(o, 0);
  if (shape.length === 2) return id;
  const fixed = shape.filter((dim) => typeof dim === 'number');
  const rows = sizeOf(fixed) / width;
  if (shape[0] === 'batch' && rows !== 1) throw new BatchMixed(mixed(o));
  return graph.addBetween(o, reshape, { shape: [shape[0] === 'batch' ? 'batch' : rows, width] }, id);
}
