import { bind, dequantize, isOp, typeOf } from '@whittle/core';
import type { Id, Node, Tensor, TypedArray, ValueType } from '@whittle/core';
import { prepareInt8 } from '@whittle/int8';
import type { Findings } from './check.js';
import { context } from './context.js';
import { checkEachNode } from './each-node.js';
import type { NodeTolerance } from './each-node.js';
import type { QuantizedModel } from './integer-checks.js';
import { litertRuntimesFor } from './tflite-checks.js';

/** Ops that LiteRT lacks for a type of activations, or takes for something else: TensorFlow Lite Micro alone has them. */
const lacking: Readonly<Record<'int8' | 'int16', ReadonlySet<string>>> = {
  int8: new Set(['cumsum', 'svdf']),
  int16: new Set(['squared_difference', 'rsqrt', 'lstm']),
};

/**
 * Steps that LiteRT is off for one op at the most, if not 1. TensorFlow Lite Micro rescales sums of 64 bits by a factor of 15
 * bits, which is half a step of int16 at the most; LiteRT rescales them by one of 31. An LSTM has such sigmoids and tanhs inside, and
 * what it gives at one time step goes into the next.
 */
const steps: Readonly<Record<'int8' | 'int16', Readonly<Record<string, number>>>> = {
  int8: { resize_bilinear: 2, lstm: 2 },
  int16: { sigmoid: 6, tanh: 11, dense: 2, batch_matmul: 2 },
};

/** Every node of a quantized model in LiteRT is within a step or so of what TensorFlow Lite Micro makes of the same operands. */
export async function checkLiteRtIntegers(
  { seed, activations, model, inputs }: QuantizedModel,
  findings: Findings,
): Promise<void> {
  if (model.nodes.some(({ op }) => lacking[activations].has(op.name))) return;
  const program = await prepareInt8(bind(model, { batch: 1 }), context.lowerings);
  const evaluate = (node: Node, operands: ReadonlyMap<Id, Tensor>): TypedArray[] =>
    program.runNode(node, new Map([...operands].map(([id, { data }]) => [id, data])));
  for (const runtime of litertRuntimesFor(model))
    await findings.check(`${activations}: ${runtime.name}`, seed, () =>
      checkEachNode(program.model, inputs, {
        runtime,
        context,
        evaluate,
        toleranceOf: (node): NodeTolerance => ({
          absolute: isOp(node, dequantize)
            ? lastPlace(typeOf(program.model, node.inputs[0]))
            : (steps[activations][node.op.name] ?? 1),
          relative: 0,
        }),
      }),
    );
}

/** A unit in the last place of the largest value that a quantized type holds: LiteRT multiplies and adds in float32. */
function lastPlace({ dtype, quantization }: ValueType): number {
  return (dtype === 'int8' ? 255 : 65535) * (quantization?.scale[0] ?? 0) * 2 ** -23;
}
