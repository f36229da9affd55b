import { WhittleError, sameShape, tensor } from '@whittle/core';
import type { MeanAttributes, NodeView, PoolAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { activationCode, activationOperators } from '../activation-codes.js';
import { emitUnary } from './activation.js';
import { filePadding, paddedInput } from './padding.js';
import { emitReshape } from './shape.js';
import { versionFor } from './versions.js';

/** The lowest finite float32. */
const lowest = -3.4028234663852886e38;

/**
 * AVERAGE_POOL_2D or MAX_POOL_2D. A maximum of floats over padding that is neither SAME nor VALID has a PADV2 with the lowest
 * value before it. Pooling that takes every float as it is has the operator of its activation alone: XNNPACK makes it a clamp, which
 * it lets take the place of another clamp right before it. @throws OP_UNSUPPORTED for other such padding
 */
export function emitPool(operator: schema.BuiltinOperator) {
  return (n: NodeView<PoolAttributes>, context: TfliteEmitContext): void => {
    const { size, strides, activation } = n.attributes;
    const isMaximum = operator === schema.BuiltinOperator.MAX_POOL_2D && n.inputs[0].dtype === 'float32';
    const { input, padding } = isMaximum
      ? paddedInput(n, size, context, lowest)
      : { input: context.tensorOf(n.inputIds[0]), padding: filePadding(n, size) };
    if (typeof padding !== 'number')
      throw new WhittleError(
        'OP_UNSUPPORTED',
        `${n.name}: pooling with padding ${JSON.stringify(padding)}, expected what 'same' or 'valid' gives`,
        { plugin: 'tflite', node: n.name },
      );
    const takesEach =
      [...size, ...strides].every((extent) => extent === 1) &&
      sameShape(n.inputs[0].shape, n.outputs[0].shape);
    if (takesEach && n.inputs[0].dtype === 'float32')
      return activation === 'none'
        ? emitReshape(n, context)
        : emitUnary(activationOperators[activation])(n, context);
    context.addOperator({
      operator,
      version: versionFor(operator, n.inputs[0].dtype),
      inputs: [input],
      outputs: [context.tensorOf(n.outputIds[0])],
      options: new schema.Pool2DOptionsT(
        padding,
        strides[1],
        strides[0],
        size[1],
        size[0],
        activationCode(activation),
      ),
    });
  };
}

/** MEAN, SUM, REDUCE_MAX and the like. */
export function emitReduction(operator: schema.BuiltinOperator) {
  return (n: NodeView<MeanAttributes>, context: TfliteEmitContext): void => {
    const { axes, keepDims } = n.attributes;
    const indices = context.addConstant(tensor('int32', [axes.length], axes), `${n.name}/axes`);
    context.addOperator({
      operator,
      version: versionFor(operator, n.inputs[0].dtype),
      inputs: [context.tensorOf(n.inputIds[0]), indices],
      outputs: [context.tensorOf(n.outputIds[0])],
      options: new schema.ReducerOptionsT(keepDims),
    });
  };
}
