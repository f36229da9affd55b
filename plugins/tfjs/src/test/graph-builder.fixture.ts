import type { Tensor } from '@whittle/core';
import type { TfjsArtifacts, TfjsWeightSpec } from '../artifacts.js';

type Attribute = Readonly<Record<string, unknown>>;

const types = { float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL' } as const;

export const dtypeAttribute = (dtype: keyof typeof types): Attribute => ({ type: types[dtype] });
export const text = (value: string): Attribute => ({ s: btoa(value) });
export const texts = (...values: readonly string[]): Attribute => ({
  list: { s: values.map((each) => btoa(each)) },
});
export const integer = (value: number): Attribute => ({ i: String(value) });
export const integers = (...values: readonly number[]): Attribute => ({ list: { i: values.map(String) } });
export const real = (value: number): Attribute => ({ f: value });
export const flag = (value: boolean): Attribute => ({ b: value });
export const shapeAttribute = (shape: readonly number[]): Attribute => ({
  shape: { dim: shape.map((size) => ({ size: String(size) })) },
});

/** Writes a graph as the converter does: nodes in JSON, and the constants' values as weights. */
export class GraphBuilder {
  readonly #nodes: object[] = [];
  readonly #specs: TfjsWeightSpec[] = [];
  readonly #data: Uint8Array[] = [];
  readonly inputs: { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[] =
    [];

  /** An input; -1 stands for an open extent. */
  input(shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): string {
    const name = `input_${this.inputs.length}`;
    this.inputs.push({ name, shape, dtype });
    this.#nodes.push({
      name,
      op: 'Placeholder',
      attr: { shape: shapeAttribute(shape), dtype: dtypeAttribute(dtype) },
    });
    return name;
  }

  constant({ dtype, shape, data }: Tensor): string {
    const name = `const_${this.#specs.length}`;
    this.#nodes.push({ name, op: 'Const', attr: { dtype: dtypeAttribute(dtype as 'float32') } });
    this.#specs.push({ name, shape, dtype });
    this.#data.push(new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)));
    return name;
  }

  node(
    op: string,
    inputs: readonly string[],
    attr: Readonly<Record<string, Attribute>> = {},
    name = op,
  ): string {
    const taken = this.#nodes.filter((node) => (node as { name: string }).name.startsWith(name)).length;
    const own = taken === 0 ? name : `${name}_${taken}`;
    this.#nodes.push({ name: own, op, input: [...inputs], attr: { T: dtypeAttribute('float32'), ...attr } });
    return own;
  }

  artifacts(outputs: readonly string[]): TfjsArtifacts {
    const info = (name: string) => [name, { name, dtype: 'DT_FLOAT' }] as const;
    return {
      modelTopology: { node: this.#nodes, library: {}, versions: { producer: 1 } },
      weightSpecs: this.#specs,
      weightData: this.#data.map((bytes) => bytes.buffer as ArrayBuffer),
      signature: {
        inputs: Object.fromEntries(this.inputs.map(({ name }) => info(name))),
        outputs: Object.fromEntries(outputs.map((name) => [name, info(name)[1]])),
      },
    };
  }
}
