import { conv2d, depthwiseConv2d } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import { hwcmFrom1hwo, ohwiToHwio, reshaped } from '../weight-layout.js';
import { biasOperands } from './bias.js';
import type { GraphReader } from './graph-reader.js';
import { invalid, optionsOf, readClamp, readPadding } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

type Options = schema.Conv2DOptionsT | schema.DepthwiseConv2DOptionsT;

function windowAttributes(o: OperatorView, options: Options) {
  return {
    strides: [options.strideH, options.strideW] as [number, number],
    padding: readPadding(o, options.padding),
    dilations: [options.dilationHFactor, options.dilationWFactor] as [number, number],
    activation: readClamp(o, options.fusedActivationFunction),
  };
}

/** CONV_2D: weight [O, kh, kw, I]. Groups show in the weight's input channels. */
export function readConv2d(o: OperatorView, graph: GraphReader): void {
  const weight = graph.constantInput(o, 1, 'weight');
  const channels = channelsOf(o, graph);
  if (weight.shape.length !== 4) throw invalid(o, `weight of rank ${weight.shape.length}, expected 4`);
  const groups = channels / weight.shape[3];
  if (!Number.isInteger(groups))
    throw invalid(o, `${channels} input channels, expected a multiple of the weight's ${weight.shape[3]}`);
  const options = optionsOf(o, schema.Conv2DOptionsT);
  graph.addResult(o, conv2d, { ...windowAttributes(o, options), groups }, [
    graph.input(o, 0),
    graph.parameter(o, 1, { role: 'weight', layout: 'hwio', rearrange: ohwiToHwio }),
    ...biasOperands(o, graph, options.quantizedBiasType, weight.shape[0]),
  ]);
}

/**
 * DEPTHWISE_CONV_2D: weight [1, kh, kw, C * M]. Where each of several multipliers has a scale of its own, it is read as a
 * convolution in C groups, which is the same.
 */
export function readDepthwiseConv2d(o: OperatorView, graph: GraphReader): void {
  const attributes = windowAttributes(o, optionsOf(o, schema.DepthwiseConv2DOptionsT));
  const channels = channelsOf(o, graph);
  const constant = graph.constantInput(o, 1, 'weight');
  const [one, kh, kw, outputs] = constant.shape;
  if (constant.shape.length !== 4 || one !== 1 || outputs % channels !== 0)
    throw invalid(o, `weight [${constant.shape.join(', ')}] doesn't fit ${channels} input channels`);
  const hwcm = hwcmFrom1hwo(constant, channels);
  const weight = graph.parameter(o, 1, {
    role: 'weight',
    layout: 'depthwise',
    rearrange: (w) => hwcm ?? reshaped(w, [kh, kw, 1, outputs]),
  });
  const operands = [graph.input(o, 0), weight, ...graph.bias(o, 2)];
  if (hwcm) graph.addResult(o, depthwiseConv2d, attributes, operands);
  else graph.addResult(o, conv2d, { ...attributes, groups: channels }, operands);
}

function channelsOf(o: OperatorView, graph: GraphReader): number {
  const { shape } = graph.inputType(o, 0);
  const channels = shape[3];
  if (shape.length !== 4 || typeof channels !== 'number' || channels === 0)
    throw invalid(o, `input of shape [${shape.join(', ')}], expected [N, H, W, C]`);
  return channels;
}
