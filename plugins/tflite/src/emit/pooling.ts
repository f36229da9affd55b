import { WhittleError, tensor } from '@whittle/core';
import type { MeanAttributes, NodeView, PoolAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { activationCode } from '../activation-codes.js';
import { filePadding } from './padding.js';
import { versionFor } from './versions.js';

/** AVERAGE_POOL_2D or MAX_POOL_2D. @throws OP_UNSUPPORTED for padding that is neither SAME nor VALID */
export function emitPool(operator: schema.BuiltinOperator) {
  return (n: NodeView<PoolAttributes>, context: TfliteEmitContext): void => {
    const { size, strides, activation } = n.attributes;
    const padding = filePadding(n, size);
    if (typeof padding !== 'number')
      throw new WhittleError(
        'OP_UNSUPPORTED',
        `${n.name}: pooling with padding ${JSON.stringify(padding)}, expected what 'same' or 'valid' gives`,
        { plugin: 'tflite', node: n.name },
      );
    context.addOperator({
      operator,
      version: versionFor(operator, n.inputs[0].dtype),
      inputs: [context.tensorOf(n.inputIds[0])],
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
