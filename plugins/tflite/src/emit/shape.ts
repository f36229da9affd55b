import { tensor } from '@whittle/core';
import type { NodeView, Tensor } from '@whittle/core';
import { MAX_CONCAT_OPERANDS, expectQuantization, roundHalfAway } from '@whittle/int8';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { versionFor } from './versions.js';

const { CONCATENATION, PAD, PADV2, RESHAPE } = schema.BuiltinOperator;

/** RESHAPE, for flatten and reshape. The new shape is an option: a constant of its own would only take space. */
export function emitReshape(n: NodeView<object>, context: TfliteEmitContext): void {
  const shape = n.outputs[0].shape.map((dim) => (dim === 'batch' ? -1 : dim));
  context.addOperator({
    operator: RESHAPE,
    inputs: [context.tensorOf(n.inputIds[0])],
    outputs: [context.tensorOf(n.outputIds[0])],
    options: new schema.ReshapeOptionsT(shape),
  });
}

/** CONCATENATION, in several steps where there are more than ten operands. */
export function emitConcat(n: NodeView<{ readonly axis: number }>, context: TfliteEmitContext): void {
  const { axis } = n.attributes;
  const [type] = n.outputs;
  let parts = n.inputIds.map((id, i) => ({
    index: context.tensorOf(id),
    extent: Number(n.inputs[i].shape[axis]),
  }));
  const join = (some: typeof parts, index: number) => {
    context.addOperator({
      operator: CONCATENATION,
      version: versionFor(CONCATENATION, type.dtype),
      inputs: some.map((part) => part.index),
      outputs: [index],
      options: new schema.ConcatenationOptionsT(axis),
    });
  };
  while (parts.length > MAX_CONCAT_OPERANDS) {
    const first = parts.slice(0, MAX_CONCAT_OPERANDS);
    const extent = first.reduce((sum, part) => sum + part.extent, 0);
    const shape = type.shape.map((dim, i) => (i === axis ? extent : dim));
    const index = context.addTensor({ ...type, shape }, `${n.name}/first_${extent}`);
    join(first, index);
    parts = [{ index, extent }, ...parts.slice(MAX_CONCAT_OPERANDS)];
  }
  join(parts, context.tensorOf(n.outputIds[0]));
}

/** PAD where the value is zero, else PADV2. */
export function emitPad(
  n: NodeView<{ readonly paddings: readonly (readonly [number, number])[]; readonly value: number }>,
  context: TfliteEmitContext,
): void {
  const { paddings, value } = n.attributes;
  const [type] = n.outputs;
  const margins = tensor('int32', [paddings.length, 2], paddings.flat());
  const inputs = [context.tensorOf(n.inputIds[0]), context.addConstant(margins, `${n.name}/paddings`)];
  const zero = value === 0;
  if (!zero) inputs.push(context.addConstant(scalar(n, value), `${n.name}/value`));
  const operator = zero ? PAD : PADV2;
  context.addOperator({
    operator,
    version: versionFor(operator, type.dtype, type.shape.length),
    inputs,
    outputs: [context.tensorOf(n.outputIds[0])],
    options: zero ? new schema.PadOptionsT() : new schema.PadV2OptionsT(),
  });
}

/** A real value in the type and quantization of the output. @throws QUANTIZATION_INVALID where it is out of range */
function scalar(n: NodeView<unknown>, value: number): Tensor {
  const { dtype, quantization: q } = n.outputs[0];
  if (!q) return tensor(dtype, [], [value]);
  const stored = roundHalfAway(value / q.scale[0]) + q.zeroPoint[0];
  const constant = tensor(dtype, [], [stored], q);
  expectQuantization(
    Number(constant.data[0]) === stored,
    n,
    () => `the margin's value ${value} is out of range`,
  );
  return constant;
}
