import { batchNormAffine, tensor, unsupported } from '@whittle/core';
import type { BatchNormAttributes, NodeView } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { constantOperand } from './operands.js';

/** x * factor + shift, per channel. @throws OP_UNSUPPORTED for integers: fold batch norm into its convolution first */
export function emitBatchNorm(n: NodeView<BatchNormAttributes>, context: TfliteEmitContext): void {
  const [type] = n.outputs;
  if (type.dtype !== 'float32') throw unsupported('tflite', { name: 'batch_norm' }, n);
  const statistics = [1, 2, 3, 4].map((i) => constantOperand(n, i, context).data as Float32Array);
  const { factor, shift } = batchNormAffine(n.attributes.epsilon, statistics);
  const constant = (values: Float64Array, what: string) =>
    context.addConstant(tensor('float32', [values.length], Float32Array.from(values)), `${n.name}/${what}`);
  const scaled = context.addTensor(type, `${n.name}/scaled`);
  context.addOperator({
    operator: schema.BuiltinOperator.MUL,
    inputs: [context.tensorOf(n.inputIds[0]), constant(factor, 'factor')],
    outputs: [scaled],
    options: new schema.MulOptionsT(),
  });
  context.addOperator({
    operator: schema.BuiltinOperator.ADD,
    inputs: [scaled, constant(shift, 'shift')],
    outputs: [context.tensorOf(n.outputIds[0])],
    options: new schema.AddOptionsT(),
  });
}
