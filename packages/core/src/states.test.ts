import { expect, test } from 'vitest';
import { peakActivationBytes } from './analysis/cost.js';
import { bind } from './bind.js';
import { ModelBuilder } from './builder.js';
import { InterpretedStream, interpret } from './interpreter.js';
import type { Model } from './model.js';
import { add, concat, relu, slice } from './ops/index.js';
import { patch } from './patch.js';
import { print } from './print.js';
import { loadModel, saveModel } from './serialize.js';
import { float32, tensor } from './tensor.js';
import { verify } from './verify.js';

const code = (expected: string, text: string) =>
  expect.objectContaining({ code: expected, message: expect.stringContaining(text) as string });

/** The last three frames of a stream, the sum of all so far, and the frame before the last one. */
function streaming(): Model {
  const b = new ModelBuilder('streaming');
  const x = b.input('x', [1, 1]);
  const ring = b.state('ring', float32([1, 2], [-1, -2]));
  const all = b.node('all', concat, { axis: 1 }, [ring, x]);
  b.nextState(ring, b.node('kept', slice, { ranges: [{ axis: 1, start: 1, size: 2, step: 1 }] }, [all]));
  const total = b.state('total', float32([1, 1], [100]));
  b.nextState(total, b.node('sum', add, { activation: 'none' }, [total, x]));
  const last = b.state('last', float32([1, 1]));
  const before = b.state('before', float32([1, 1], [7]));
  b.nextState(last, x);
  b.nextState(before, last);
  b.output(all);
  b.output('sum');
  b.output(before);
  return b.finish();
}

const frames = (...values: number[]) => new Map([['x', float32([values.length, 1], values)]]);
const values = (result: ReturnType<typeof interpret>) => [...result].map(([, { data }]) => [...data]);

test('a state is read as it was, and its next value replaces it at the end of an inference', () => {
  const model = streaming();
  verify(model);
  expect(values(interpret(model, frames(1, 2, 3)))).toEqual([
    [-1, -2, 1, -2, 1, 2, 1, 2, 3],
    [101, 103, 106],
    [7, 0, 1],
  ]);
});

test('a stream carries states from one run to the next; another one begins anew', () => {
  const model = streaming();
  const stream = new InterpretedStream(model);
  stream.run(frames(1, 2));
  expect(values(stream.run(frames(3), ['all', 'sum']))).toEqual([[1, 2, 3], [106]]);
  expect(values(interpret(model, frames(3), ['sum', 'total']))).toEqual([[103], [100]]);
});

test('states are saved with their initial values, and printed', () => {
  const model = streaming();
  const loaded = loadModel(saveModel(model));
  expect(loaded.states).toEqual(model.states);
  expect(print(loaded)).toBe(print(model));
  expect(print(model)).toContain('state ring <- kept: float32[1, 2] initial -1, -2, ...\n');
  expect(print(model)).toContain('state before <- last: float32[1, 1] initial 7\n');
});

test('a state that no output depends on goes, with what computes it', () => {
  const shorter = patch(streaming(), (edit) => edit.setOutputs([{ id: 'before' }]));
  expect(shorter.states.map((state) => state.in)).toEqual(['last', 'before']);
  expect(shorter.nodes).toEqual([]);
  verify(shorter);
  const sum = patch(streaming(), (edit) => edit.setOutputs([{ id: 'sum' }]));
  expect(sum.states.map((state) => state.in)).toEqual(['total']);
});

test('edits reach states: renamed, replaced, and with another initial value', () => {
  const edited = patch(streaming(), (edit) => {
    edit.renameValue('total', 'count');
    const [positive] = edit.addNode(relu, {}, ['sum'], { outputs: ['positive'] });
    edit.replaceUses('sum', positive, (node) => node.outputs[0] === positive);
    edit.setState('count', { initial: float32([1, 1], [-5]) });
  });
  verify(edited);
  expect(values(interpret(edited, frames(1, 7, 1), ['positive']))).toEqual([[0, 7, 8]]);
  expect(() => patch(edited, (edit) => edit.setState('total', {}))).toThrowError(
    code('MODEL_INVALID', "no state 'total'"),
  );
});

test('a state with a free batch runs as one stream', () => {
  const b = new ModelBuilder('free');
  const x = b.input('x', ['batch', 2]);
  const held = b.state('held', float32([1, 2]), { dtype: 'float32', shape: ['batch', 2] });
  b.nextState(held, b.node('sum', add, { activation: 'none' }, [held, x]));
  b.output('sum');
  const model = b.finish();
  verify(model);
  expect(values(interpret(model, new Map([['x', float32([2, 2], [1, 2, 3, 4])]])))).toEqual([[1, 2, 4, 6]]);
  expect(bind(model, { batch: 1 }).values.get('held')?.shape).toEqual([1, 2]);
  expect(() => bind(model, { batch: 2 })).toThrowError(code('OPTION_INVALID', 'batch must be 1'));
});

test('the memory of states is needed throughout', () => {
  const b = new ModelBuilder('long');
  const held = b.state('held', float32([1, 8]));
  const x = b.input('x', [1, 8]);
  b.nextState(held, b.node('next', add, { activation: 'none' }, [held, x]));
  b.output(b.node('y', relu, {}, ['next']));
  expect(peakActivationBytes(b.finish())).toBe(3 * 32);
});

const q = (scale: number) => ({ scale: Float32Array.of(scale), zeroPoint: Int32Array.of(0) });

test.each<[string, string, (m: Model) => Model]>([
  [
    'a next value of another shape',
    "'all' that replaces it is float32[1, 3]",
    (m) => withState(m, { out: 'all' }),
  ],
  [
    'an initial value of another type',
    'its initial value is int8[1, 2]',
    (m) => withState(m, { initial: tensor('int8', [1, 2]) }),
  ],
  [
    'an initial value of another scale',
    'different scales',
    (m) => withState(m, { initial: { ...float32([1, 2]), quantization: q(1) } }),
  ],
  [
    'an initial value without elements',
    'has 0 elements',
    (m) => withState(m, { initial: { ...float32([1, 2]), data: new Float32Array(0) } }),
  ],
  ['a next value that is not there', "next state 'nowhere'", (m) => withState(m, { out: 'nowhere' })],
  ['a state that is an input', "'x' is defined twice", (m) => withState(m, { in: 'x' })],
  [
    'a state that is a node',
    "'sum' is defined twice",
    (m) => ({
      ...m,
      states: [...m.states, { ...m.states[1], in: 'sum' }],
    }),
  ],
])('verify refuses %s', (_, text, change) => {
  expect(() => verify(change(streaming()))).toThrowError(code('MODEL_INVALID', text));
});

function withState(model: Model, change: Partial<Model['states'][number]>): Model {
  const [first, ...rest] = model.states;
  return { ...model, states: [{ ...first, ...change }, ...rest] };
}
