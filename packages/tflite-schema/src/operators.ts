import { unions } from './generated/layout.js';
import * as schema from './generated/tflite.js';
import { BuiltinOperator, BuiltinOptions, OperatorCodeT } from './generated/tflite.js';
import type { OperatorT } from './generated/tflite.js';
import { textOf } from './tflite-model.js';

/** Codes from here on don't fit the signed byte that old readers look at: it holds this placeholder instead. */
const placeholder = BuiltinOperator.PLACEHOLDER_FOR_GREATER_OP_CODES;

/** An operator: one of the format's own, or a custom one by name. */
export type OperatorKind = BuiltinOperator | { readonly custom: string };

/** Which operator a code stands for. Old files have the byte only, new ones the int; the larger one counts. */
export function builtinOperatorOf(code: OperatorCodeT): BuiltinOperator {
  return Math.max(code.builtinCode, code.deprecatedBuiltinCode);
}

/** A code for `operator`, readable by old and new readers. `version` is what the kernels check. */
export function operatorCode(operator: OperatorKind, version = 1): OperatorCodeT {
  const builtin = typeof operator === 'object' ? BuiltinOperator.CUSTOM : operator;
  const custom = typeof operator === 'object' ? operator.custom : null;
  return new OperatorCodeT(Math.min(builtin, placeholder), custom, version, builtin);
}

/** The operator's name as TFLite writes it (CONV_2D); a custom one's own name; a number where it is newer than the schema. */
export function operatorName(code: OperatorCodeT): string {
  const operator = builtinOperatorOf(code);
  if (operator === BuiltinOperator.CUSTOM) return `CUSTOM ${JSON.stringify(textOf(code.customCode))}`;
  return BuiltinOperator[operator] ?? `OPERATOR_${operator}`;
}

/** The options object of an operator, as the generated code has it: `new schema.Conv2DOptionsT(...)`. */
export type OperatorOptions = NonNullable<OperatorT['builtinOptions']>;

const optionsTypes = new Map<unknown, BuiltinOptions>(
  unions.BuiltinOptions.map((name, i) => [Reflect.get(schema, `${name}T`), i + 1]),
);

/** The number that a file stores beside the options, to say which table they are. */
export function optionsTypeOf(options: OperatorOptions | null): BuiltinOptions {
  return options === null
    ? BuiltinOptions.NONE
    : (optionsTypes.get(options.constructor) ?? BuiltinOptions.NONE);
}
