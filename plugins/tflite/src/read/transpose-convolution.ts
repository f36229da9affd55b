import { concrete, transposeConv2d } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import { ohwiToHwio } from '../weight-layout.js';
import type { GraphReader } from './graph-reader.js';
import { invalid, optionsOf, readClamp, readPadding, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/** TRANSPOSE_CONV: the output's shape, weight [O, kh, kw, I], the input, the bias. */
export function readTransposeConv2d(o: OperatorView, graph: GraphReader): void {
  const options = optionsOf(o, schema.TransposeConvOptionsT);
  const shape = concrete(graph.dimsInput(o, 0, 'shape of the output'));
  const weight = graph.constantInput(o, 1, 'weight');
  if (shape.length !== 4) throw invalid(o, `an output of rank ${shape.length}, expected 4`);
  if (weight.shape.length !== 4) throw invalid(o, `weight of rank ${weight.shape.length}, expected 4`);
  const padding = readPadding(o, options.padding);
  if (typeof padding !== 'string') throw unreadable(o, 'explicit padding, expected SAME or VALID');
  graph.addResult(
    o,
    transposeConv2d,
    {
      strides: [options.strideH, options.strideW],
      padding,
      outputSize: [shape[1], shape[2]],
      activation: readClamp(o, options.fusedActivationFunction),
    },
    [
      graph.input(o, 2),
      graph.parameter(o, 1, { role: 'weight', layout: 'hwio', rearrange: ohwiToHwio }),
      ...graph.bias(o, 3),
    ],
  );
}
