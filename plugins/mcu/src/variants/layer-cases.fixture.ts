import { conv2d, dense, depthwiseConv2d, ModelBuilder, sizeOf, tensor } from '@whittle/core';
import type { FusedActivation, Model, Quantization, RunCase, Tensor } from '@whittle/core';
import { pseudoRandom } from '../integer-network.fixture.js';

/** A convolution of an image, with what is left out as in the plainest one. */
export interface ConvShape {
  /** Batch, height, width, channels. */
  readonly image: readonly [number, number, number, number];
  /** Output channels; of a depthwise convolution, outputs for each input channel. */
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly strides?: [number, number];
  readonly dilations?: [number, number];
  readonly padding?: 'same' | 'valid';
  readonly activation?: FusedActivation;
  readonly zeroPoints?: readonly [input: number, output: number];
  readonly perTensor?: boolean;
  /** What biases spread over: 2000 unless told. */
  readonly bias?: number;
  /** Powers of two that the scales of channels spread over: less than one unless told. */
  readonly spread?: number;
}

/** A model of one convolution with two random inputs. */
export function convCase(shape: ConvShape, depthwise = false, seed = 1): RunCase {
  const next = pseudoRandom(seed);
  const { image, outputs, kernel, zeroPoints = [-128, -128] } = shape;
  const channels = image[3];
  const filter = depthwise ? [...kernel, channels, outputs] : [...kernel, channels, outputs];
  const axis = depthwise ? 2 : 3;
  const attributes = {
    strides: shape.strides ?? ([1, 1] as [number, number]),
    dilations: shape.dilations ?? ([1, 1] as [number, number]),
    padding: shape.padding ?? ('same' as const),
    activation: shape.activation ?? ('none' as const),
  };
  const taps = kernel[0] * kernel[1] * (depthwise ? 1 : channels);
  return layerCase(JSON.stringify(shape), image, zeroPoints, next, (builder, input) => {
    const total = depthwise ? channels * outputs : outputs;
    const operands = [input, ...parameters(builder, filter, axis, total, shape, next)];
    const type = { quantization: [perTensor(outputScale(taps), zeroPoints[1])] };
    return depthwise
      ? builder.node('y', depthwiseConv2d, attributes, operands, type)
      : builder.node('y', conv2d, { ...attributes, groups: 1 }, operands, type);
  });
}

export interface DenseShape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation?: FusedActivation;
  readonly zeroPoints?: readonly [input: number, output: number];
  readonly perTensor?: boolean;
  readonly bias?: number;
}

/** A model of one dense layer with two random inputs. */
export function denseCase(shape: DenseShape, seed = 1): RunCase {
  const next = pseudoRandom(seed);
  const { rows, inputs, outputs, activation = 'none', zeroPoints = [5, -9] } = shape;
  return layerCase(JSON.stringify(shape), [rows, inputs], zeroPoints, next, (builder, input) =>
    builder.node(
      'y',
      dense,
      { activation },
      [input, ...parameters(builder, [inputs, outputs], 1, outputs, shape, next)],
      { quantization: [perTensor(outputScale(inputs), zeroPoints[1])] },
    ),
  );
}

const inputScale = 0.02;
const weightScale = 0.004;

function layerCase(
  name: string,
  shape: readonly number[],
  [zeroPoint]: readonly [number, number],
  next: () => number,
  build: (builder: ModelBuilder, input: string) => string,
): RunCase {
  const builder = new ModelBuilder(name);
  const input = builder.input('x', shape, { dtype: 'int8', quantization: perTensor(inputScale, zeroPoint) });
  builder.output(build(builder, input));
  const model: Model = builder.finish();
  const inputs = [0, 1].map((): Tensor[] => [
    tensor('int8', shape, Int8Array.from({ length: sizeOf(shape) }, next)),
  ]);
  return { model, inputs };
}

function parameters(
  builder: ModelBuilder,
  shape: readonly number[],
  axis: number,
  outputs: number,
  { perTensor: shared = false, bias = 2000, spread = 0 }: Pick<ConvShape, 'perTensor' | 'bias' | 'spread'>,
  next: () => number,
): string[] {
  const count = shared ? 1 : shape[axis];
  const power = () => (spread > 0 ? (next() + 128) % (spread + 1) : 0);
  const scale = Float32Array.from({ length: count }, () => weightScale * (1 + next() / 512) * 2 ** -power());
  const quantization = { scale, zeroPoint: new Int32Array(count), ...(!shared && { axis }) };
  const values = Int8Array.from({ length: sizeOf(shape) }, next);
  const weight = builder.parameter('weight', tensor('int8', shape, values, quantization), 'weight');
  const biases = Int32Array.from({ length: outputs }, () => Math.trunc((bias * next()) / 128));
  return [weight, builder.parameter('bias', tensor('int32', [outputs], biases), 'bias')];
}

/** One that spreads most sums of `taps` products over int8. */
function outputScale(taps: number): number {
  return inputScale * weightScale * 100 * Math.sqrt(taps);
}

function perTensor(scale: number, zeroPoint: number): Quantization {
  return { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zeroPoint) };
}
