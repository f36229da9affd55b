import type { NodeView } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';

/** QUANTIZE: from float, or from one integer quantization to another. */
export function emitQuantize(n: NodeView<object>, context: TfliteEmitContext): void {
  const wide = [...n.inputs, ...n.outputs].some((type) => type.dtype === 'int16');
  context.addOperator({
    operator: schema.BuiltinOperator.QUANTIZE,
    version: wide ? 2 : 1,
    inputs: [context.tensorOf(n.inputIds[0])],
    outputs: [context.tensorOf(n.outputIds[0])],
    options: new schema.QuantizeOptionsT(),
  });
}
