import { ModelBuilder } from '@whittle/core';
import type { Id, Model, Quantization, Tensor } from '@whittle/core';
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

/** A model that is one op: `build` adds it to the inputs, which are int8, and returns its result. */
export function int8Model(
  name: string,
  inputs: readonly { readonly shape: readonly number[]; readonly quantization: Quantization }[],
  build: (builder: ModelBuilder, inputs: readonly Id[]) => Id,
): Model {
  const builder = new ModelBuilder(name);
  const ids = inputs.map(({ shape, quantization }, i) =>
    builder.input(inputs.length === 1 ? 'input' : `input_${i}`, shape, { dtype: 'int8', quantization }),
  );
  builder.output(build(builder, ids));
  return builder.finish();
}

/** A number as a label shows it. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Extents as a label shows them. */
export function extents(shape: readonly number[]): string {
  return shape.join('x');
}
