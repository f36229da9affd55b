import { svdf } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import { swapAxes } from '../weight-layout.js';
import type { GraphReader } from './graph-reader.js';
import { optionsOf, readActivation } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

const STATE = 4;

/** SVDF: feature weights [F, I]; the state is a variable that the operator changes in place. */
export function readSvdf(o: OperatorView, graph: GraphReader): void {
  const options = optionsOf(o, schema.SVDFOptionsT);
  const activation = readActivation(o, options.fusedActivationFunction);
  const operands = [
    graph.input(o, 0),
    graph.parameter(o, 1, { role: 'weight', layout: 'io', rearrange: swapAxes }),
    graph.parameter(o, 2, { role: 'weight' }),
    graph.input(o, STATE),
    ...graph.bias(o, 3),
  ];
  graph.addResults(o, svdf, { rank: options.rank, activation }, operands, [STATE]);
}
