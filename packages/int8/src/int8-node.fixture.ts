import { ModelBuilder, sizeOf, tensor } from '@whittle/core';
import type { Model, OpDefinition, Quantization, RandomStream, Tensor } from '@whittle/core';
import { prepareInt8 } from './prepare-int8.js';

/** Quantization with one scale, or with one for each index of `axis`. */
export function scaled(scale: number | readonly number[], zeroPoint = 0, axis?: number): Quantization {
  const scales = typeof scale === 'number' ? [scale] : scale;
  return {
    scale: Float32Array.from(scales),
    zeroPoint: new Int32Array(scales.length).fill(zeroPoint),
    ...(axis !== undefined && { axis }),
  };
}

/** Any int8 values. */
export function randomInt8(
  stream: RandomStream,
  shape: readonly number[],
  quantization: Quantization,
): Tensor<'int8'> {
  const data = Int8Array.from({ length: sizeOf(shape) }, () => stream.int(256) - 128);
  return tensor('int8', shape, data, quantization);
}

/** Any int16 values. */
export function randomInt16(
  stream: RandomStream,
  shape: readonly number[],
  quantization: Quantization,
): Tensor<'int16'> {
  const data = Int16Array.from({ length: sizeOf(shape) }, () => stream.int(65536) - 32768);
  return tensor('int16', shape, data, quantization);
}

/** A model of one node: the first `inputs` operands are its inputs x0, x1 ..., the others parameters; the output is y. */
export function oneNode<A>(
  op: OpDefinition<A>,
  attributes: A,
  operands: readonly Tensor[],
  output: Quantization | undefined,
  inputs = 1,
): Model {
  const build = new ModelBuilder(op.name);
  const ids = operands.map((value, i) =>
    i < inputs
      ? build.input(`x${i}`, value.shape, { dtype: value.dtype, quantization: value.quantization })
      : build.parameter(`p${i}`, value, 'weight'),
  );
  build.output(build.node('y', op, attributes, ids, { quantization: [output] }));
  return build.finish();
}

/** What the one node computes of its operands, in stored values. */
export async function evaluateNode<A>(
  op: OpDefinition<A>,
  attributes: A,
  operands: readonly Tensor[],
  output: Quantization | undefined,
  inputs = 1,
): Promise<number[]> {
  const program = await prepareInt8(oneNode(op, attributes, operands, output, inputs));
  const feeds = new Map(operands.slice(0, inputs).map((value, i) => [`x${i}`, value]));
  return Array.from(program.run(feeds).get('y')!.data, Number);
}

/** The real values of a quantized tensor. */
export function realValues({ data, quantization }: Tensor): number[] {
  const { scale, zeroPoint } = quantization!;
  return Array.from(data as ArrayLike<unknown>, (x) => scale[0] * (Number(x) - zeroPoint[0]));
}
