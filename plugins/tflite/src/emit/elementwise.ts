import type { BatchMatmulAttributes, BinaryAttributes, NodeView } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { OperatorOptions, TfliteEmitContext } from '@whittle/tflite-schema';
import { activationCode, activationOperators } from '../activation-codes.js';
import { versionFor } from './versions.js';

const { ADD, BATCH_MATMUL, DIV, FLOOR_MOD, MAXIMUM, MINIMUM, MUL, POW, PRELU, SQUARED_DIFFERENCE, SUB } =
  schema.BuiltinOperator;

type Emit<A> = (n: NodeView<A>, context: TfliteEmitContext) => void;

/** Off for int16: its kernels then take any scale, not powers of two alone. */
const powersOfTwo = (n: NodeView<unknown>) => n.inputs[0].dtype !== 'int16';

export const emitAdd = fusing(ADD, (n, code) => new schema.AddOptionsT(code, powersOfTwo(n)));
export const emitSub = fusing(SUB, (n, code) => new schema.SubOptionsT(code, powersOfTwo(n)));
export const emitMul = fusing(MUL, (_, code) => new schema.MulOptionsT(code));
export const emitDiv = fusing(DIV, (_, code) => new schema.DivOptionsT(code));
export const emitMaximum = notFusing(MAXIMUM, () => new schema.MaximumMinimumOptionsT());
export const emitMinimum = notFusing(MINIMUM, () => new schema.MaximumMinimumOptionsT());
export const emitPow = notFusing(POW, () => new schema.PowOptionsT());
export const emitSquaredDifference = notFusing(
  SQUARED_DIFFERENCE,
  () => new schema.SquaredDifferenceOptionsT(),
);
export const emitFloorMod = notFusing(FLOOR_MOD, () => new schema.FloorModOptionsT());

export const emitPrelu = ofTwo(PRELU);
export const emitBatchMatmul = ofTwo<BatchMatmulAttributes>(
  BATCH_MATMUL,
  ({ transposeA, transposeB }) => new schema.BatchMatMulOptionsT(transposeA, transposeB),
);

/** An operator of two operands without an activation. */
function ofTwo<A = object>(
  operator: schema.BuiltinOperator,
  options?: (attributes: A) => OperatorOptions,
): Emit<A> {
  return (n, context) =>
    context.addOperator({
      operator,
      version: versionFor(operator, n.inputs[0].dtype),
      inputs: n.inputIds.map((id) => context.tensorOf(id)),
      outputs: [context.tensorOf(n.outputIds[0])],
      options: options?.(n.attributes),
    });
}

/** An operator of two operands that applies the activation itself. */
function fusing(
  operator: schema.BuiltinOperator,
  options: (n: NodeView<unknown>, activation: schema.ActivationFunctionType) => OperatorOptions,
): Emit<BinaryAttributes> {
  return (n, context) =>
    context.addOperator({
      operator,
      version: Math.max(
        versionFor(operator, n.inputs[0].dtype, broadcastRank(n)),
        enlarges(operator, n) ? 3 : 1,
      ),
      inputs: n.inputIds.map((id) => context.tensorOf(id)),
      outputs: [context.tensorOf(n.outputIds[0])],
      options: options(n, activationCode(n.attributes.activation)),
    });
}

/** Axes of the result where the operands are broadcast, else none. */
function broadcastRank({ inputs: [a, b], outputs: [{ shape }] }: NodeView<unknown>): number {
  return a.shape.join() === b.shape.join() ? 0 : shape.length;
}

/** Whether stored products are of 8 bits and become larger, which MUL takes from version 3 on. */
function enlarges(operator: schema.BuiltinOperator, { inputs, outputs }: NodeView<unknown>): boolean {
  const [a, b, result] = [...inputs, ...outputs].map(({ quantization: q }) => q?.scale[0] ?? NaN);
  return operator === MUL && inputs[0].dtype === 'int8' && (a * b) / result >= 1;
}

/** An operator of two operands without an activation, which becomes an operator of its own. */
function notFusing(operator: schema.BuiltinOperator, options: () => OperatorOptions): Emit<BinaryAttributes> {
  return (n, context) => {
    const { activation } = n.attributes;
    const [type] = n.outputs;
    const output = context.tensorOf(n.outputIds[0]);
    const result = activation === 'none' ? output : context.addTensor(type, `${n.name}/unclamped`);
    context.addOperator({
      operator,
      version: versionFor(operator, type.dtype, broadcastRank(n)),
      inputs: n.inputIds.map((id) => context.tensorOf(id)),
      outputs: [result],
      options: options(),
    });
    if (activation === 'none') return;
    const clamp = activationOperators[activation];
    context.addOperator({
      operator: clamp,
      version: versionFor(clamp, type.dtype),
      inputs: [result],
      outputs: [output],
    });
  };
}
