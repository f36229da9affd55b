import { readFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { float32, interpret, isWhittleError } from '@whittle/core';
import { readKerasModel } from '../index.js';

const members = unzipSync(readFileSync(new URL('./keras2/tensorflow_functions.keras', import.meta.url)));
const whole = JSON.parse(new TextDecoder().decode(members['config.json'])) as {
  config: { layers: object[] };
};

/** A tensor of another layer, or a number. */
type Argument = readonly [name: string, node: 0, tensor: 0] | number | null;

/** A call of a TensorFlow function, as Keras 2 writes it down. */
const call = (name: string, fn: string, first: string, rest: Readonly<Record<string, Argument>>) => ({
  module: 'keras.src.layers.core.tf_op_layer',
  class_name: 'TFOpLambda',
  config: { name, trainable: true, dtype: 'float32', function: fn },
  name,
  inbound_nodes: [[first, 0, 0, { ...rest, name: null }]],
});
const of = (name: string): Argument => [name, 0, 0];

/** An archive of calls on x of [4, 6]. */
function archive(output: string, ...calls: readonly object[]): Uint8Array {
  const config = {
    ...whole,
    config: { ...whole.config, layers: [whole.config.layers[0], ...calls], output_layers: [[output, 0, 0]] },
  };
  return zipSync({ ...members, 'config.json': new TextEncoder().encode(JSON.stringify(config)) });
}

const x = float32(
  [1, 4, 6],
  Array.from({ length: 24 }, (_, i) => ((7 * i) % 11) - 5),
);

function compute(bytes: Uint8Array): number[] {
  const model = readKerasModel(bytes);
  return Array.from(interpret(model, new Map([['x', x]])).get(model.outputs[0].id)?.data as Float32Array);
}

describe('functions of TensorFlow', () => {
  it.each<readonly [string, (v: number) => boolean]>([
    ['math.equal', (v) => v === 2],
    ['__operators__.eq', (v) => v === 2],
    ['math.not_equal', (v) => v !== 2],
    ['__operators__.ne', (v) => v !== 2],
    ['math.less', (v) => v < 2],
    ['math.less_equal', (v) => v <= 2],
    ['math.greater', (v) => v > 2],
    ['math.greater_equal', (v) => v >= 2],
  ])('%s', (fn, holds) => {
    const other = fn.startsWith('__') ? 'other' : 'y';
    const bytes = archive('holds', call('holds', fn, 'x', { [other]: 2 }));
    expect(compute(bytes)).toEqual(Array.from(x.data, (v) => Number(holds(v))));
  });

  it('where, by logic of comparisons', () => {
    const bytes = archive(
      'chosen',
      call('low', 'math.less', 'x', { y: -1 }),
      call('high', 'math.greater', 'x', { y: 3 }),
      call('either', 'math.logical_or', 'low', { y: of('high') }),
      call('neither', 'math.logical_not', 'either', {}),
      call('both', 'math.logical_and', 'neither', { y: of('neither') }),
      call('chosen', 'where', 'both', { x: of('x'), y: 0.5 }),
    );
    expect(compute(bytes)).toEqual(Array.from(x.data, (v) => (v >= -1 && v <= 3 ? v : 0.5)));
  });

  it('where without values is refused: it tells places', () => {
    const bytes = archive(
      'places',
      call('low', 'math.less', 'x', { y: -1 }),
      call('places', 'where', 'low', { x: null, y: null }),
    );
    let thrown: unknown;
    try {
      readKerasModel(bytes);
    } catch (error) {
      thrown = error;
    }
    expect(isWhittleError(thrown, 'OP_UNSUPPORTED') && thrown.node).toContain('places');
  });
});
