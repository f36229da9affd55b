import { lstmGates, lstmOperands } from '@whittle/core';
import type { LstmAttributes, NodeView } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext, TfliteLowering } from '@whittle/tflite-schema';
import { swapAxes } from '../weight-layout.js';
import { constantOperand } from './operands.js';
import { versionFor } from './versions.js';

const { UNIDIRECTIONAL_SEQUENCE_LSTM } = schema.BuiltinOperator;

/** What the operator may have beside this, and models don't: peepholes, a projection, layer normalization. */
const ABSENT = { peepholes: [-1, -1, -1], projection: [-1, -1], normalization: [-1, -1, -1, -1] } as const;

/** UNIDIRECTIONAL_SEQUENCE_LSTM, which changes its states in place. @throws OP_UNSUPPORTED where weights are computed */
export const emitLstm: TfliteLowering = Object.assign(emit, {
  mutates: [
    { input: lstmOperands.hidden, output: 1 },
    { input: lstmOperands.cell, output: 2 },
  ],
});

function emit(n: NodeView<LstmAttributes>, context: TfliteEmitContext): void {
  const { kernel, recurrent, bias, hidden, cell } = lstmOperands;
  const weights = (first: number) =>
    lstmGates.map((_, g) =>
      context.addConstant(swapAxes(constantOperand(n, first + g, context)), n.inputIds[first + g]),
    );
  const { timeMajor, cellClip } = n.attributes;
  context.addOperator({
    operator: UNIDIRECTIONAL_SEQUENCE_LSTM,
    version: versionFor(UNIDIRECTIONAL_SEQUENCE_LSTM, n.inputs[0].dtype),
    inputs: [
      context.tensorOf(n.inputIds[0]),
      ...weights(kernel),
      ...weights(recurrent),
      ...ABSENT.peepholes,
      ...lstmGates.map((_, g) => context.tensorOf(n.inputIds[bias + g])),
      ...ABSENT.projection,
      context.tensorOf(n.inputIds[hidden]),
      context.tensorOf(n.inputIds[cell]),
      ...ABSENT.normalization,
    ],
    outputs: [context.tensorOf(n.outputIds[0])],
    intermediates: n.inputs[0].dtype === 'int8' ? addIntermediates(n, context) : [],
    options: new schema.UnidirectionalSequenceLSTMOptionsT(
      schema.ActivationFunctionType.TANH,
      cellClip,
      0,
      timeMajor,
    ),
  });
}

/**
 * LiteRT wants to know how the gates' sums and the hidden state before a projection are quantized: without layer
 * normalization and projection, in units of 2^-12, and as the hidden state. TFLite Micro doesn't ask.
 */
function addIntermediates(n: NodeView<LstmAttributes>, context: TfliteEmitContext): number[] {
  const { quantization } = n.inputs[lstmOperands.hidden];
  const shape = [0];
  const sums = { scale: Float32Array.of(2 ** -12), zeroPoint: new Int32Array(1) };
  return [
    ...lstmGates.map((gate) =>
      context.addTensor({ dtype: 'int16', shape, quantization: sums }, `${n.name}/${gate}`),
    ),
    context.addTensor({ dtype: 'int8', shape, ...(quantization && { quantization }) }, `${n.name}/hidden`),
  ];
}
