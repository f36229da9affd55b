import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ModelBuilder } from './builder.js';
import { decompose } from './decompose.js';
import { interpret } from './interpreter.js';
import { defineOp } from './op.js';
import type { OpDefinition } from './op.js';
import { mul } from './ops/elementwise.js';
import { relu, sigmoid } from './ops/activation.js';
import { float32 } from './tensor.js';
import { verify } from './verify.js';

/** x sigmoid(x), by way of two simpler ops. */
const gated = defineOp<object>({
  ...relu,
  name: 'gated',
  attributes: z.object({}),
  evaluate: (_, [x]) => [
    float32(
      x.shape,
      (x.data as Float32Array).map((v) => v / (1 + Math.exp(-v))),
    ),
  ],
  decompose(n, add) {
    const [x] = n.inputIds;
    const [gate] = add(sigmoid, {}, [x]);
    return add(mul, { activation: 'none' }, [x, gate]);
  },
});
/** Does nothing. */
const identity = defineOp<object>({ ...relu, name: 'identity', decompose: (n) => n.inputIds });

function model(op: OpDefinition) {
  const build = new ModelBuilder('m');
  const x = build.input('x', ['batch', 3]);
  build.output(build.node('z', relu, {}, [build.node('y', op, {}, [x])]));
  return build.finish();
}

describe('decompose', () => {
  it('replaces what is not supported, and keeps ids and results', () => {
    const before = model(gated);
    const after = decompose(before, (op) => op.name !== 'gated');
    verify(after);
    expect(after.nodes.map((node) => node.op.name)).toEqual(['sigmoid', 'mul', 'relu']);
    expect(after.values.has('y')).toBe(true);
    const feeds = new Map([['x', float32([1, 3], [-1, 0, 2])]]);
    expect(interpret(after, feeds).get('z')).toEqual(interpret(before, feeds).get('z'));
  });

  it('gives the same model back where all is supported', () => {
    const before = model(gated);
    expect(decompose(before, () => true)).toBe(before);
  });

  it('takes out an op that decomposes to its own operand', () => {
    const after = decompose(model(identity), (op) => op.name !== 'identity');
    expect(after.nodes.map((node) => [node.op.name, ...node.inputs])).toEqual([['relu', 'x']]);
  });

  it('refuses an op that decomposes to itself', () => {
    const endless: OpDefinition = defineOp<object>({
      ...relu,
      name: 'endless',
      decompose: (n, add) => add(endless, {}, n.inputIds),
    });
    expect(() => decompose(model(endless), (op) => op.name !== 'endless')).toThrow('still decomposes');
  });
});
