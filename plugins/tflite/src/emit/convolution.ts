import { concrete } from '@whittle/core';
import type { ConvAttributes, DepthwiseAttributes, NodeView } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { activationCode } from '../activation-codes.js';
import { hwcmTo1hwo, hwioToOhwi, reshaped } from '../weight-layout.js';
import { addBias, addWeight, biasTypeOf, constantOperand } from './operands.js';
import { paddedInput } from './padding.js';
import { layerVersionFor } from './versions.js';

const { CONV_2D, DEPTHWISE_CONV_2D } = schema.BuiltinOperator;
const { FLOAT32 } = schema.TensorType;

/**
 * CONV_2D; groups of one input channel each are a depthwise convolution, which kernels know better. With int16 activations
 * that has no form with sums of 32 bits.
 */
export function emitConv2d(n: NodeView<ConvAttributes>, context: TfliteEmitContext): void {
  const [kh, kw, perGroup, outputs] = concrete(n.inputs[1].shape);
  const { strides, dilations, activation, groups } = n.attributes;
  const biasType = biasTypeOf(n);
  if (groups > 1 && perGroup === 1 && biasType === FLOAT32) {
    const weight = addWeight(n, context, (w) => reshaped(w, [1, kh, kw, outputs]));
    return emitDepthwise(n, context, weight, { outputs, multiplier: outputs / groups });
  }
  const { input, padding } = paddedInput(n, [kh, kw], context);
  context.addOperator({
    operator: CONV_2D,
    version: biasType !== FLOAT32 ? 8 : groups > 1 ? 6 : versionOf(CONV_2D, n, context),
    inputs: [input, addWeight(n, context, hwioToOhwi), addBias(n, context, outputs)],
    outputs: [context.tensorOf(n.outputIds[0])],
    options: new schema.Conv2DOptionsT(
      padding,
      strides[1],
      strides[0],
      activationCode(activation),
      dilations[1],
      dilations[0],
      biasType,
    ),
  });
}

export function emitDepthwiseConv2d(n: NodeView<DepthwiseAttributes>, context: TfliteEmitContext): void {
  const [, , channels, multiplier] = concrete(n.inputs[1].shape);
  emitDepthwise(n, context, addWeight(n, context, hwcmTo1hwo), {
    outputs: channels * multiplier,
    multiplier,
  });
}

function emitDepthwise(
  n: NodeView<DepthwiseAttributes>,
  context: TfliteEmitContext,
  weight: number,
  { outputs, multiplier }: { readonly outputs: number; readonly multiplier: number },
): void {
  const { strides, dilations, activation } = n.attributes;
  const [kh, kw] = concrete(n.inputs[1].shape);
  const { input, padding } = paddedInput(n, [kh, kw], context);
  const dilated = dilations[0] > 1 || dilations[1] > 1;
  context.addOperator({
    operator: DEPTHWISE_CONV_2D,
    version: Math.max(dilated ? 2 : 1, versionOf(DEPTHWISE_CONV_2D, n, context)),
    inputs: [input, weight, addBias(n, context, outputs)],
    outputs: [context.tensorOf(n.outputIds[0])],
    options: new schema.DepthwiseConv2DOptionsT(
      padding,
      strides[1],
      strides[0],
      multiplier,
      activationCode(activation),
      dilations[1],
      dilations[0],
    ),
  });
}

function versionOf(
  operator: schema.BuiltinOperator,
  n: NodeView<unknown>,
  context: TfliteEmitContext,
): number {
  return layerVersionFor(operator, n.inputs[0].dtype, constantOperand(n, 1, context).dtype);
}
