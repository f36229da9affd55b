import { sizeOf, tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { roundHalfAway } from '@whittle/int8';
import type { ActivationScale } from '@whittle/int8';

/** What biases are stored as beside activations of a type, and their bound: half of what kernels leave for sums. */
const BIAS = {
  int8: { dtype: 'int32', largest: 2 ** 29 },
  int16: { dtype: 'int64', largest: 2 ** 45 },
} as const;

/** A weight and bias of one layer in integers. */
export interface QuantizedLayer {
  readonly weight: Tensor<'int8'>;
  readonly bias?: Tensor<'int32' | 'int64'>;
}

/**
 * Quantizes a layer: weights symmetric in [-127, 127] with scale max |w| / 127 per index of `axis` (one scale where axis
 * is undefined), biases int32, or int64 beside int16 activations, with scale input scale * weight scale (Jacob et al. 2018, section 2.4). A channel of zeros
 * takes the layer's largest scale; a scale is raised where the bias would not fit.
 */
export function quantizeLayer(
  weight: Tensor,
  bias: Tensor | undefined,
  input: ActivationScale,
  axis: number | undefined,
): QuantizedLayer {
  const values = weight.data as Float32Array;
  const channels = axis === undefined ? 1 : weight.shape[axis];
  const inner = axis === undefined ? values.length : sizeOf(weight.shape.slice(axis + 1));
  const channelOf = (i: number) => Math.floor(i / inner) % channels;
  const scale = weightScales(values, bias?.data as Float32Array | undefined, input, channels, channelOf);
  const stored = Int8Array.from(values, (w, i) => saturate(w / scale[channelOf(i)], 127));
  const quantization = { scale, zeroPoint: new Int32Array(channels), ...(axis !== undefined && { axis }) };
  return {
    weight: tensor('int8', weight.shape, stored, quantization),
    ...(bias && { bias: quantizeBias(bias, input, scale) }),
  };
}

function weightScales(
  values: Float32Array,
  bias: Float32Array | undefined,
  input: ActivationScale,
  channels: number,
  channelOf: (i: number) => number,
): Float32Array {
  const largest = new Float64Array(channels);
  values.forEach((w, i) => {
    const c = channelOf(i);
    largest[c] = Math.max(largest[c], Math.abs(w));
  });
  const spare = largest.reduce((a, b) => Math.max(a, b), 0) || 1;
  const perChannel = bias ? bias.length / channels : 0;
  return Float32Array.from(largest, (most, c) => {
    const ofBias = bias?.subarray(c * perChannel, (c + 1) * perChannel) ?? [];
    const biasLimit = Math.max(0, ...Array.from(ofBias, Math.abs)) / input.scale / BIAS[input.dtype].largest;
    return Math.max((most || spare) / 127, biasLimit);
  });
}

function quantizeBias(
  bias: Tensor,
  input: ActivationScale,
  weightScale: Float32Array,
): Tensor<'int32' | 'int64'> {
  const { dtype, largest } = BIAS[input.dtype];
  const each = bias.data.length / weightScale.length;
  const scale = weightScale.map((s) => input.scale * s);
  const stored = Array.from(bias.data as Float32Array, (b, i) =>
    saturate(b / (input.scale * weightScale[Math.floor(i / each)]), 2 * largest),
  );
  // One scale for each channel of the weight; a depthwise multiplier repeats them.
  const full = scale.length === 1 ? scale : Float32Array.from(stored, (_, i) => scale[Math.floor(i / each)]);
  return tensor(dtype, bias.shape, stored, {
    scale: full,
    zeroPoint: new Int32Array(full.length),
    ...(full.length > 1 && { axis: 0 }),
  });
}

function saturate(x: number, limit: number): number {
  return Math.min(Math.max(roundHalfAway(x), -limit), limit);
}
