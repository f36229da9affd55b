import { tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import {
  bytesOf,
  emptyTfliteModel,
  operatorCode,
  optionsTypeOf,
  schema,
  writeTflite,
} from '@whittle/tflite-schema';
import type { OperatorOptions } from '@whittle/tflite-schema';

/** An operator of a file. */
export interface Operator {
  readonly operator: schema.BuiltinOperator;
  readonly version?: number;
  readonly options: OperatorOptions | null;
  /** Shapes of what is fed, and integers or weights that are constants, in the operator's order. */
  readonly operands: readonly (readonly number[] | Tensor)[];
  readonly outputs: readonly (readonly number[])[];
}

/** A float file of one operator, field by field. */
export function fileOf({ operator, version, options, operands, outputs }: Operator): Uint8Array {
  const buffers: Uint8Array[] = [new Uint8Array(0)];
  const constant = (value: Tensor, name: string) => {
    const type = value.dtype === 'int32' ? schema.TensorType.INT32 : schema.TensorType.FLOAT32;
    return new schema.TensorT([...value.shape], type, buffers.push(bytesOf(value)) - 1, name);
  };
  const computed = (shape: readonly number[], name: string) =>
    new schema.TensorT([...shape], schema.TensorType.FLOAT32, 0, name);
  const inputs = operands.map((each, i) =>
    'data' in each ? constant(each, `c${i}`) : computed(each, `x${i}`),
  );
  const results = outputs.map((shape, i) => computed(shape, `y${i}`));
  const indices = inputs.map((_, i) => i);
  const fed = indices.filter((i) => !('data' in operands[i]));
  const made = results.map((_, i) => inputs.length + i);
  const only = new schema.OperatorT(0, indices, made, optionsTypeOf(options), options);
  return writeTflite({
    ...emptyTfliteModel(),
    operatorCodes: [operatorCode(operator, version)],
    subgraphs: [new schema.SubGraphT([...inputs, ...results], fed, made, [only])],
    buffers,
  });
}

export const list = (...numbers: readonly number[]) => tensor('int32', [numbers.length], numbers);
export const scalar = (value: number) => tensor('int32', [], [value]);
