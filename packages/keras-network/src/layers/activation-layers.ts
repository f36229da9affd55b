import { leakyRelu, minimum, prelu, relu, relu6, scaledElu, thresholdedRelu } from '@whittle/core';
import type { Id } from '@whittle/core';
import type { Options } from '../config/options.js';
import { unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import { activationFunctions, softmaxOver } from './activation-functions.js';

type ActivationLayer = (call: LayerCall, x: Id, options: Options) => Id;

/** Negative values scaled: also by more than 1, which the op of that name hasn't. */
export function leaky(call: LayerCall, x: Id, slope: number): Id {
  if (slope <= 1) return call.node('leaky_relu', leakyRelu, { alpha: slope }, [x]);
  return call.node('prelu', prelu, {}, [x, call.constant('slope', slope)]);
}

/** max_value from max_value on, x from the threshold on, below it negative_slope (x - threshold). */
function readRelu(call: LayerCall, x: Id, options: Options): Id {
  const slope = options.number('negative_slope', 0);
  const threshold = options.number('threshold', 0);
  const top = options.has('max_value') ? options.number('max_value') : undefined;
  if (threshold < 0 || (threshold !== 0 && slope !== 0))
    throw unsupported(call.where, `a ReLU of threshold ${threshold} and negative slope ${slope}`);
  if (threshold === 0 && slope === 0 && top === 6) return call.node('relu6', relu6, {}, [x]);
  const bent =
    threshold > 0
      ? call.node('thresholded_relu', thresholdedRelu, { theta: threshold }, [x])
      : slope === 0
        ? call.node('relu', relu, {}, [x])
        : leaky(call, x, slope);
  if (top === undefined) return bent;
  return call.node('minimum', minimum, { activation: 'none' }, [bent, call.constant('max_value', top)]);
}

function readElu(call: LayerCall, x: Id, options: Options): Id {
  const alpha = options.number('alpha', 1);
  if (alpha === 1) return activationFunctions.elu(call, x);
  if (!(alpha > 0)) throw unsupported(call.where, `an ELU of alpha ${alpha}`);
  return call.node('elu', scaledElu, { alpha, scale: 1 }, [x]);
}

function readSoftmax(call: LayerCall, x: Id, options: Options): Id {
  const axes = options.integers('axis', [-1]);
  if (axes.length !== 1) throw unsupported(call.where, `a softmax over ${axes.length} axes`);
  return softmaxOver(call, x, axes[0]);
}

/** Activations that are layers, without weights. */
export const activationLayers: Readonly<Record<string, ActivationLayer>> = {
  ReLU: readRelu,
  LeakyReLU: (call, x, options) =>
    leaky(call, x, options.number(options.has('negative_slope') ? 'negative_slope' : 'alpha', 0.3)),
  ELU: readElu,
  ThresholdedReLU: (call, x, options) =>
    call.node('thresholded_relu', thresholdedRelu, { theta: options.number('theta', 1) }, [x]),
  Softmax: readSoftmax,
};
