import type { DenseAttributes, NodeView } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { activationCode } from '../activation-codes.js';
import { swapAxes } from '../weight-layout.js';
import { addWeight, biasTypeOf, constantOperand } from './operands.js';
import { layerVersionFor } from './versions.js';

const { FULLY_CONNECTED } = schema.BuiltinOperator;

export function emitDense(n: NodeView<DenseAttributes>, context: TfliteEmitContext): void {
  const bias = n.inputIds.slice(2).map((id) => context.tensorOf(id));
  const options = new schema.FullyConnectedOptionsT(activationCode(n.attributes.activation));
  options.keepNumDims = n.inputs[0].shape.length > 2;
  options.quantizedBiasType = biasTypeOf(n);
  context.addOperator({
    operator: FULLY_CONNECTED,
    version: denseVersion(n, context, options.keepNumDims),
    inputs: [context.tensorOf(n.inputIds[0]), addWeight(n, context, swapAxes), ...bias],
    outputs: [context.tensorOf(n.outputIds[0])],
    options,
  });
}

function denseVersion(
  n: NodeView<DenseAttributes>,
  context: TfliteEmitContext,
  keepNumDims: boolean,
): number {
  const weight = constantOperand(n, 1, context);
  if ((weight.quantization?.scale.length ?? 1) > 1) return 12;
  if (biasTypeOf(n) !== schema.TensorType.FLOAT32) return 11;
  const least = n.inputs.length < 3 ? 6 : keepNumDims ? 5 : 1;
  return Math.max(least, layerVersionFor(FULLY_CONNECTED, n.inputs[0].dtype, weight.dtype));
}
