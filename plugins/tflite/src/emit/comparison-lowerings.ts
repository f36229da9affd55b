import * as core from '@whittle/core';
import type { Lowering, NodeView, OpDefinition } from '@whittle/core';
import { TFLITE, schema } from '@whittle/tflite-schema';
import type { OperatorOptions, TfliteEmitContext } from '@whittle/tflite-schema';
import { versionFor } from './versions.js';

const { EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, NOT_EQUAL } = schema.BuiltinOperator;
const { LOGICAL_AND, LOGICAL_NOT, LOGICAL_OR, SELECT_V2 } = schema.BuiltinOperator;

/** An operator of the node's operands in their order. */
function lower(
  op: OpDefinition<Record<string, never>>,
  operator: schema.BuiltinOperator,
  options: new () => OperatorOptions,
): Lowering {
  const emit = (n: NodeView<never>, context: TfliteEmitContext): void =>
    context.addOperator({
      operator,
      version: versionFor(operator, n.inputs[0].dtype),
      inputs: n.inputIds.map((id) => context.tensorOf(id)),
      outputs: [context.tensorOf(n.outputIds[0])],
      options: new options(),
    });
  return core.lower(TFLITE, op, () => emit);
}

/** How ops of truth values are written. A choice is always the later SELECT_V2, which broadcasts as models do. */
export const comparisonLowerings: readonly Lowering[] = [
  lower(core.equal, EQUAL, schema.EqualOptionsT),
  lower(core.notEqual, NOT_EQUAL, schema.NotEqualOptionsT),
  lower(core.less, LESS, schema.LessOptionsT),
  lower(core.lessEqual, LESS_EQUAL, schema.LessEqualOptionsT),
  lower(core.greater, GREATER, schema.GreaterOptionsT),
  lower(core.greaterEqual, GREATER_EQUAL, schema.GreaterEqualOptionsT),
  lower(core.logicalAnd, LOGICAL_AND, schema.LogicalAndOptionsT),
  lower(core.logicalOr, LOGICAL_OR, schema.LogicalOrOptionsT),
  lower(core.logicalNot, LOGICAL_NOT, schema.LogicalNotOptionsT),
  lower(core.where, SELECT_V2, schema.SelectV2OptionsT),
];
