import { WhittleError, tensor } from '@whittle/core';
import type { NodeView, Tensor } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';

/** The constant behind an operand. @throws OP_UNSUPPORTED where it is computed: TFLite's weights are constants. */
export function constantOperand(n: NodeView<unknown>, index: number, context: TfliteEmitContext): Tensor {
  const id = n.inputIds[index];
  const parameter = context.parameterOf(id);
  if (!parameter)
    throw new WhittleError('OP_UNSUPPORTED', `${n.name}: operand '${id}' is computed, expected a parameter`, {
      plugin: 'tflite',
      node: n.name,
    });
  return parameter;
}

/** A weight in the layout of the file. */
export function addWeight(
  n: NodeView<unknown>,
  context: TfliteEmitContext,
  rearrange: (weight: Tensor) => Tensor,
): number {
  return context.addConstant(rearrange(constantOperand(n, 1, context)), n.inputIds[1]);
}

/** The bias, or zeros where there is none: the integer kernels of LiteRT need one. `outputs`: its length. */
export function addBias(n: NodeView<unknown>, context: TfliteEmitContext, outputs: number): number {
  if (n.inputIds.length > 2) return context.tensorOf(n.inputIds[2]);
  const [input] = n.inputs;
  const name = `${n.name}/bias`;
  if (input.dtype === 'float32') return context.addConstant(tensor('float32', [outputs]), name);
  const scales = constantOperand(n, 1, context).quantization?.scale ?? Float32Array.of(1);
  // Depthwise weights have one scale for all outputs of an input channel.
  const each = scales.length > 1 ? outputs / scales.length : 1;
  const scale = Float32Array.from(
    { length: scales.length * each },
    (_, i) => scales[Math.floor(i / each)] * (input.quantization?.scale[0] ?? 1),
  );
  const zeroPoint = new Int32Array(scale.length);
  const quantization = scale.length > 1 ? { scale, zeroPoint, axis: 0 } : { scale, zeroPoint };
  const dtype = input.dtype === 'int16' ? 'int64' : 'int32';
  return context.addConstant(tensor(dtype, [outputs], undefined, quantization), name);
}

/**
 * The option that says of what type a bias is, where that decides how int16 activations are summed: INT32 for sums of 32
 * bits. FLOAT32 is what stands there otherwise, and means sums of 64 bits.
 */
export function biasTypeOf(n: NodeView<unknown>): schema.TensorType {
  const narrow = n.inputs[0].dtype === 'int16' && n.inputs[2]?.dtype === 'int32';
  return narrow ? schema.TensorType.INT32 : schema.TensorType.FLOAT32;
}
