import { unsupported } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { OperatorOptions, TfliteEmitContext } from '@whittle/tflite-schema';
import { versionFor } from './versions.js';

const { LOGISTIC, MUL } = schema.BuiltinOperator;

/** An operator of one operand. */
export function emitUnary<A = object>(
  operator: schema.BuiltinOperator,
  options?: (attributes: A) => OperatorOptions,
) {
  return (n: NodeView<A>, context: TfliteEmitContext): void =>
    context.addOperator({
      operator,
      version: versionFor(operator, n.inputs[0].dtype),
      inputs: [context.tensorOf(n.inputIds[0])],
      outputs: [context.tensorOf(n.outputIds[0])],
      options: options?.(n.attributes),
    });
}

export const emitLeakyRelu = emitUnary<{ readonly alpha: number }>(
  schema.BuiltinOperator.LEAKY_RELU,
  ({ alpha }) => new schema.LeakyReluOptionsT(alpha),
);

export const emitSoftmax = emitUnary<{ readonly beta: number }>(
  schema.BuiltinOperator.SOFTMAX,
  ({ beta }) => new schema.SoftmaxOptionsT(beta),
);

/**
 * x times its logistic. @throws OP_UNSUPPORTED for integers: the gate would need a quantization of its own, so a
 * quantized model holds sigmoid and multiplication as two ops
 */
export function emitSwish(n: NodeView<object>, context: TfliteEmitContext): void {
  const [type] = n.outputs;
  if (type.dtype !== 'float32') throw unsupported('tflite', { name: 'swish' }, n);
  const x = context.tensorOf(n.inputIds[0]);
  const gate = context.addTensor(type, `${n.name}/gate`);
  context.addOperator({ operator: LOGISTIC, inputs: [x], outputs: [gate] });
  context.addOperator({
    operator: MUL,
    inputs: [x, gate],
    outputs: [context.tensorOf(n.outputIds[0])],
    options: new schema.MulOptionsT(),
  });
}
