import { concrete, float32, nodeName, sizeOf, take, typeOf } from '@whittle/core';
import type { Model, Node, RandomStream, Tensor } from '@whittle/core';

/**
 * What a layer multiplies with its weight, at sampled positions of its output. For each group of a grouped convolution (one
 * in any other layer) a matrix of `rows` times `taps`, row-major; the taps are the elements of one output channel's weight
 * [kh, kw, I, O] or [I, O], in their order.
 */
export interface LayerSamples {
  readonly rows: number;
  readonly taps: number;
  readonly inputs: readonly Float64Array[];
}

/** Positions of a layer's output that are sampled, in order: numbers of pixels, counted over all examples of a batch. */
export type SampledPositions = Int32Array;

/** As many positions of each example's output as told, or all where there are fewer, without repetition. */
export function samplePositions(
  model: Model,
  node: Node,
  examples: number,
  perExample: number,
  draws: RandomStream,
): SampledPositions {
  const pixels = sizeOf(concrete(typeOf(model, node.outputs[0]).shape).slice(1, -1));
  const chosen: number[] = [];
  for (let example = 0; example < examples; example++) {
    const isAll = pixels <= perExample;
    const order = isAll ? Int32Array.from({ length: pixels }, (_, i) => i) : draws.permutation(pixels);
    for (const pixel of order.subarray(0, perExample).sort()) chosen.push(example * pixels + pixel);
  }
  return Int32Array.from(chosen);
}

/**
 * Finds what a linear layer multiplies with its weight. A layer whose weight is a unit matrix gives that as its output: the op
 * itself says where its windows lie, one input channel at a time.
 */
export function sampleLayer(
  node: Node,
  input: Tensor,
  weight: Tensor,
  positions: SampledPositions,
): LayerSamples {
  const { groups = 1 } = node.attributes as { groups?: number };
  const window = weight.shape.slice(0, -2);
  const channels = weight.shape[weight.shape.length - 2];
  const size = window.reduce((a, b) => a * b, 1);
  const taps = size * channels;
  const unit = new Float32Array(size * groups * size);
  for (let t = 0; t < size; t++) for (let g = 0; g < groups; g++) unit[(t * groups + g) * size + t] = 1;
  const unitWeight = float32([...window, 1, groups * size], unit);
  const attributes = { ...node.attributes, activation: 'none' };
  const inputs = Array.from({ length: groups }, () => new Float64Array(positions.length * taps));
  for (let channel = 0; channel < channels; channel++) {
    const own = Array.from({ length: groups }, (_, g) => g * channels + channel);
    const operands = [take(input, input.shape.length - 1, own), unitWeight];
    const [{ data }] = node.op.evaluate({ name: nodeName(node), attributes, inputs: operands }, operands);
    inputs.forEach((matrix, g) =>
      positions.forEach((position, row) => {
        const from = (position * groups + g) * size;
        for (let t = 0; t < size; t++) matrix[row * taps + t * channels + channel] = Number(data[from + t]);
      }),
    );
  }
  return { rows: positions.length, taps, inputs };
}

/** The taps that multiply some input channels of a weight [..., I, O], in order. */
export function tapsOfChannels({ shape }: Tensor, channels: readonly number[]): number[] {
  const all = shape[shape.length - 2];
  const window = sizeOf(shape.slice(0, -2));
  return Array.from({ length: window }, (_, t) => channels.map((channel) => t * all + channel)).flat();
}

/**
 * What a layer computes at the sampled positions, without bias and activation: `rows` times output channels, row-major. With
 * `only` what some taps contribute to that.
 */
export function layerOutputs(samples: LayerSamples, weight: Tensor, only?: readonly number[]): Float64Array {
  const { rows, taps, inputs } = samples;
  const outputs = weight.shape[weight.shape.length - 1];
  const each = outputs / inputs.length;
  const result = new Float64Array(rows * outputs);
  const chosen = only ?? Array.from({ length: taps }, (_, t) => t);
  inputs.forEach((matrix, g) => {
    for (let row = 0; row < rows; row++)
      for (const t of chosen) {
        const x = matrix[row * taps + t];
        if (x === 0) continue;
        for (let o = g * each; o < (g + 1) * each; o++)
          result[row * outputs + o] += x * Number(weight.data[t * outputs + o]);
      }
  });
  return result;
}
