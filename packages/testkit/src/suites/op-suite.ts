import { ModelBuilder } from '@whittle/core';
import type { Id, Model, Quantization, Tensor } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite, SuiteCase, Tolerance } from '../suite.js';
import { Draw } from './draw.js';

/** What one seed of a suite gives. */
export interface OpCase {
  /** Shapes and options, to tell cases apart. */
  readonly label: string;
  readonly model: Model;
  readonly inputs: readonly (readonly Tensor[])[];
  readonly tolerance?: Tolerance;
}

/** Seeds of the cases that every test run takes. */
export const defaultSeeds: readonly number[] = Array.from({ length: 16 }, (_, i) => i + 1);

/** A suite whose cases are drawn, one a seed. Without a tolerance a case is exact. */
export function opSuite(
  name: string,
  seeds: readonly number[],
  make: (draw: Draw, seed: number) => OpCase,
): Suite {
  return {
    name,
    cases: () =>
      seeds.map((seed): SuiteCase => {
        const { label, tolerance = 'exact', ...rest } = make(new Draw(name, seed), seed);
        return { name: `seed ${seed}: ${label}`, tolerance, ...rest };
      }),
  };
}

/** An input of a model that is one op: int8 unless told. Indices, of int32, have no quantization. */
export interface OpInput {
  readonly shape: readonly number[];
  readonly quantization?: Quantization;
  readonly dtype?: ActivationDType | 'int32';
}

/** A model that is one op: `build` adds it to the inputs and returns its result. */
export function opModel(
  name: string,
  inputs: readonly OpInput[],
  build: (builder: ModelBuilder, inputs: readonly Id[]) => Id,
): Model {
  const builder = new ModelBuilder(name);
  const ids = inputs.map(({ shape, quantization, dtype = 'int8' }, i) =>
    builder.input(inputs.length === 1 ? 'input' : `input_${i}`, shape, {
      dtype,
      ...(quantization && { quantization }),
    }),
  );
  builder.output(build(builder, ids));
  return builder.finish();
}

/** What a suite of an op is called for activations of a type. */
export function suiteName(op: string, dtype: ActivationDType): string {
  return dtype === 'int8' ? op : `${op}_${dtype}`;
}

/** A number as a label shows it. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Extents as a label shows them. */
export function extents(shape: readonly number[]): string {
  return shape.join('x');
}
