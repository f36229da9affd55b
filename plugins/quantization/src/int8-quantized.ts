import { dequantize, isOp, quantize } from '@whittle/core';
import type { Finding, Property } from '@whittle/core';

/** Every value is an integer; only model inputs that are quantized at once, and dequantized outputs, may be float32. */
export const int8Quantized: Property = {
  name: 'int8-quantized',
  args: {},
  dependsOn: ['structure', 'types'],
  check(model): Finding | undefined {
    for (const node of model.nodes) {
      const read = isOp(node, quantize)
        ? undefined
        : node.inputs.find(
            (id) => (model.values.get(id) ?? model.parameters.get(id)?.tensor)?.dtype === 'float32',
          );
      const written = isOp(node, dequantize)
        ? undefined
        : node.outputs.find((id) => model.values.get(id)?.dtype === 'float32');
      const id = read ?? written;
      if (id !== undefined) return { message: `'${id}' is float32`, node: node.outputs[0] };
    }
    return undefined;
  },
};
