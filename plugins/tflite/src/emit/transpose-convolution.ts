import { concrete, tensor } from '@whittle/core';
import type { NodeView, TransposeConvAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { activationCode } from '../activation-codes.js';
import { hwioToOhwi } from '../weight-layout.js';
import { addWeight } from './operands.js';
import { versionFor } from './versions.js';

const { TRANSPOSE_CONV } = schema.BuiltinOperator;

/** TRANSPOSE_CONV: the output's shape comes first, the bias last. */
export function emitTransposeConv2d(n: NodeView<TransposeConvAttributes>, context: TfliteEmitContext): void {
  const { strides, padding, activation } = n.attributes;
  const shape = tensor('int32', [4], concrete(n.outputs[0].shape));
  const bias = n.inputIds.slice(2).map((id) => context.tensorOf(id));
  const least = activation === 'none' ? (bias.length > 0 ? 3 : 1) : 4;
  context.addOperator({
    operator: TRANSPOSE_CONV,
    version: Math.max(least, versionFor(TRANSPOSE_CONV, n.inputs[0].dtype)),
    inputs: [
      context.addConstant(shape, `${n.name}/shape`),
      addWeight(n, context, hwioToOhwi),
      context.tensorOf(n.inputIds[0]),
      ...bias,
    ],
    outputs: [context.tensorOf(n.outputIds[0])],
    options: new schema.TransposeConvOptionsT(
      padding === 'same' ? schema.Padding.SAME : schema.Padding.VALID,
      strides[1],
      strides[0],
      activationCode(activation),
    ),
  });
}
