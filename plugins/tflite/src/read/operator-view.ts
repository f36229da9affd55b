import { WhittleError } from '@whittle/core';
import type { FusedActivation, OpDefinition, Padding } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { OperatorOptions } from '@whittle/tflite-schema';
import { activationOf } from '../activation-codes.js';

/** An operator of the file as readers see it: tensors by index, absent optional inputs left out at the end. */
export interface OperatorView {
  /** `CONV_2D`, or `custom:MyOp`. */
  readonly operator: string;
  /** Where it stands in the file, for messages. */
  readonly name: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: OperatorOptions | null;
  readonly customOptions: readonly number[];
}

/** The operator's options of one kind. @throws FORMAT_INVALID where it carries others, or none */
export function optionsOf<T extends OperatorOptions>(o: OperatorView, kind: new () => T): T {
  if (o.options instanceof kind) return o.options;
  const name = kind.name.replace(/T$/, '');
  throw invalid(o, `found ${o.options ? 'other options' : 'no options'}, expected ${name}`);
}

/** The error for what models can't express. */
export function unreadable(o: Pick<OperatorView, 'name'>, message: string): WhittleError {
  return new WhittleError('OP_UNSUPPORTED', `.tflite: ${o.name}: ${message}`, {
    plugin: 'tflite',
    node: o.name,
  });
}

/**
 * The fused activation of an operator whose kernels clamp their results. TANH and SIGN_BIT are no clamps: LiteRT and TensorFlow Lite
 * Micro leave the results as they are, and so do models. @throws OP_UNSUPPORTED for an unknown number
 */
export function readClamp(o: OperatorView, code: schema.ActivationFunctionType): FusedActivation {
  const { SIGN_BIT, TANH } = schema.ActivationFunctionType;
  return code === TANH || code === SIGN_BIT ? 'none' : readActivation(o, code);
}

/** The fused activation of an operator whose kernels take no other. @throws OP_UNSUPPORTED for TANH, SIGN_BIT and unknown numbers */
export function readActivation(o: OperatorView, code: schema.ActivationFunctionType): FusedActivation {
  const activation = activationOf(code);
  if (activation === undefined)
    throw unreadable(o, `fused activation ${schema.ActivationFunctionType[code] ?? code} has no counterpart`);
  return activation;
}

/** @throws OP_UNSUPPORTED for an unknown number */
export function readPadding(o: OperatorView, code: schema.Padding): Padding {
  if (code === schema.Padding.SAME) return 'same';
  if (code === schema.Padding.VALID) return 'valid';
  throw unreadable(o, `padding ${code as number}, expected SAME or VALID`);
}

/** @throws FORMAT_INVALID where an op doesn't take attributes that were made of the operator's options */
export function expectAttributes<A>(o: Pick<OperatorView, 'name'>, op: OpDefinition<A>, attributes: A): void {
  const parsed = op.attributes.safeParse(attributes);
  if (!parsed.success) throw invalid(o, `attributes of ${op.name}: ${parsed.error.message}`);
}

/** The error for an operator that contradicts itself. */
export function invalid(o: Pick<OperatorView, 'name'>, message: string): WhittleError {
  return new WhittleError('FORMAT_INVALID', `.tflite: ${o.name}: ${message}`, {
    plugin: 'tflite',
    node: o.name,
  });
}
