import type { NodeView, SvdfAttributes } from '@whittle/core';
import { tensor } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext, TfliteLowering } from '@whittle/tflite-schema';
import { activationCode } from '../activation-codes.js';
import { swapAxes } from '../weight-layout.js';
import { addWeight, constantOperand } from './operands.js';
import { versionFor } from './versions.js';

const { SVDF } = schema.BuiltinOperator;

/** LiteRT would read a state of int8 as int16, beyond its end: a version that it doesn't have makes it refuse. */
const LITERT_LACKS = 5;

/** SVDF, which changes its state in place. @throws OP_UNSUPPORTED where weights are computed */
export const emitSvdf: TfliteLowering = Object.assign(emit, { mutates: [{ input: 3, output: 1 }] });

function emit(n: NodeView<SvdfAttributes>, context: TfliteEmitContext): void {
  constantOperand(n, 2, context);
  context.addOperator({
    operator: SVDF,
    version: n.inputs[3].dtype === 'int8' ? LITERT_LACKS : versionFor(SVDF, n.inputs[0].dtype),
    inputs: [
      context.tensorOf(n.inputIds[0]),
      addWeight(n, context, swapAxes),
      context.tensorOf(n.inputIds[2]),
      addUnitBias(n, context),
      context.tensorOf(n.inputIds[3]),
    ],
    outputs: [context.tensorOf(n.outputIds[0])],
    options: new schema.SVDFOptionsT(n.attributes.rank, activationCode(n.attributes.activation)),
  });
}

/** The bias, or zeros where there is none: TFLite Micro reads one in any case. */
function addUnitBias(n: NodeView<SvdfAttributes>, context: TfliteEmitContext): number {
  if (n.inputIds.length > 4) return context.tensorOf(n.inputIds[4]);
  const [, , time, state] = n.inputs.map(({ quantization }) => quantization?.scale[0]);
  const shape = [n.outputs[0].shape[1] as number];
  const zeros =
    state === undefined || time === undefined
      ? tensor('float32', shape)
      : tensor('int32', shape, undefined, {
          scale: Float32Array.of(state * time),
          zeroPoint: new Int32Array(1),
        });
  return context.addConstant(zeros, `${n.name}/bias`);
}
