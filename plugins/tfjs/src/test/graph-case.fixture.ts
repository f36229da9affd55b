import { tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import type { TfjsArtifacts } from '../artifacts.js';
import { drawn } from './drawn.fixture.js';
import { GraphBuilder, integers, text } from './graph-builder.fixture.js';

/** A graph; its inputs are drawn between the bounds. */
export interface GraphCase {
  readonly name: string;
  readonly artifacts: TfjsArtifacts;
  readonly bounds: readonly [number, number];
}

export type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Build = (graph: GraphBuilder) => string | readonly string[];

export function graphCase(
  name: string,
  build: Build,
  bounds: readonly [number, number] = [-2, 2],
): GraphCase {
  const graph = new GraphBuilder();
  const outputs = [build(graph)].flat();
  return { name, artifacts: graph.artifacts(outputs), bounds };
}

export const image = [-1, 9, 8, 4] as const;
export const ints = (...values: readonly number[]) => tensor('int32', [values.length], [...values]);
export const scalar = (value: number) => tensor('int32', [], [value]);
export const weight = (shape: readonly number[], name = 'w') =>
  drawn(`${name}${shape.join()}`, shape, [-0.5, 0.5]);
export const nhwc = { data_format: text('NHWC') };
export const same = {
  strides: integers(1, 1, 1, 1),
  dilations: integers(1, 1, 1, 1),
  padding: text('SAME'),
  ...nhwc,
};
export const valid = { ...same, padding: text('VALID') };
export const strided = { ...same, strides: integers(1, 2, 2, 1) };

/** One node on an input and constants. */
export function single(
  name: string,
  op: string,
  shape: readonly number[],
  constants: readonly Tensor[],
  attributes: Attributes = {},
  bounds?: readonly [number, number],
): GraphCase {
  return graphCase(
    name,
    (g) => g.node(op, [g.input(shape), ...constants.map((each) => g.constant(each))], attributes),
    bounds,
  );
}
