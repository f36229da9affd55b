import { expect, test } from 'vitest';
import { ModelBuilder } from './builder.js';
import { bind } from './bind.js';
import { interpret } from './interpreter.js';
import type { Model, Parameter } from './model.js';
import { add, dense, relu, reshape } from './ops/index.js';
import { patch } from './patch.js';
import { print } from './print.js';
import { float32, tensor } from './tensor.js';
import { verify } from './verify.js';

function model(): Model {
  const b = new ModelBuilder('m');
  const x = b.input('x', ['batch', 4]);
  const weight = b.parameter('fc/weight', float32([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]), 'weight');
  const y = b.node('fc', dense, { activation: 'none' }, [x, weight]);
  b.output(b.node('sum', add, { activation: 'none' }, [b.node('act', relu, {}, [y]), y]));
  return b.finish();
}
const code = (expected: string, text?: string) =>
  expect.objectContaining({ code: expected, ...(text ? { message: expect.stringContaining(text) } : {}) });

test('print shows each value with its type', () => {
  expect(print(model())).toBe(
    `model m
input x: float32[batch, 4]
fc = dense(x, fc/weight: float32[4, 2]) {activation: none}: float32[batch, 2]
act = relu(fc): float32[batch, 2]
sum = add(act, fc) {activation: none}: float32[batch, 2]
output sum
`,
  );
});

test.each<[string, string, string, (m: Model) => Model]>([
  [
    'nodes out of order',
    'MODEL_INVALID',
    'which nothing before it defines',
    (m) => ({ ...m, nodes: [...m.nodes].reverse() }),
  ],
  [
    'a value defined twice',
    'MODEL_INVALID',
    'defined twice',
    (m) => ({ ...m, nodes: [m.nodes[0], m.nodes[0], ...m.nodes.slice(1)] }),
  ],
  [
    'a wrong type',
    'MODEL_INVALID',
    'gives float32[batch, 2]',
    (m) => ({ ...m, values: new Map([...m.values, ['fc', { dtype: 'float32', shape: ['batch', 3] }]]) }),
  ],
  [
    'an output that is not there',
    'MODEL_INVALID',
    "output 'nowhere'",
    (m) => ({ ...m, outputs: [{ id: 'nowhere' }] }),
  ],
  [
    'a mask of another shape',
    'MODEL_INVALID',
    'mask',
    (m) => ({
      ...m,
      parameters: new Map([
        ['fc/weight', { ...(m.parameters.get('fc/weight') as Parameter), mask: tensor('uint8', [2]) }],
      ]),
    }),
  ],
  [
    'a mask that is no uint8',
    'MODEL_INVALID',
    'expected uint8',
    (m) => ({
      ...m,
      parameters: new Map([
        [
          'fc/weight',
          { ...(m.parameters.get('fc/weight') as Parameter), mask: tensor('bool', [4, 2]) as never },
        ],
      ]),
    }),
  ],
  [
    'attributes that do not fit',
    'MODEL_INVALID',
    'activation',
    (m) => ({ ...m, nodes: [{ ...m.nodes[0], attributes: { activation: 'sine' } }, ...m.nodes.slice(1)] }),
  ],
  ['no outputs', 'MODEL_INVALID', 'no outputs', (m) => ({ ...m, outputs: [] })],
])('verify refuses %s', (_, expected, text, change) => {
  verify(model());
  expect(() => verify(change(model()))).toThrowError(code(expected, text));
});

test('an edit that changes nothing gives the same object; unused nodes and parameters go', () => {
  const m = model();
  expect(patch(m, () => {})).toBe(m);
  const shorter = patch(m, (edit) => edit.setOutputs([{ id: 'act' }]));
  expect(shorter.nodes.map((n) => n.op.name)).toEqual(['dense', 'relu']);
  verify(shorter);
});

test('nodes may be added in any order, and replaced', () => {
  const m = patch(model(), (edit) => {
    const [late] = edit.addNode(relu, {}, ['x'], { outputs: ['early'] });
    edit.replaceNode(edit.nodes[0], dense, { activation: 'relu' }, [late, 'fc/weight']);
  });
  verify(m);
  expect(m.nodes.map((n) => n.outputs[0])).toEqual(['early', 'fc', 'act', 'sum']);
});

test('a cycle and a missing value are refused', () => {
  expect(() => patch(model(), (edit) => edit.replaceNode(edit.nodes[0], relu, {}, ['sum']))).toThrowError(
    code('MODEL_INVALID', 'cycle'),
  );
  expect(() => patch(model(), (edit) => edit.replaceNode(edit.nodes[0], relu, {}, ['ghost']))).toThrowError(
    code('MODEL_INVALID', 'ghost'),
  );
});

test('the interpreter says what was fed and what was expected', () => {
  const m = model();
  expect(interpret(m, new Map([['x', float32([1, 4], [1, 0, 0, -1])]])).get('sum')?.data).toEqual(
    Float32Array.of(-6, -6),
  );
  expect(() => interpret(m, new Map())).toThrowError(code('SHAPE_MISMATCH', "'x' is not fed"));
  expect(() => interpret(m, new Map([['x', float32([1, 5])]]))).toThrowError(
    code('SHAPE_MISMATCH', 'float32[1, 5]'),
  );
});

test('bind fixes the batch everywhere, reshapes included', () => {
  const b = new ModelBuilder('r');
  b.output(b.node('y', reshape, { shape: ['batch', 2, 2] }, [b.input('x', ['batch', 4])]));
  const bound = bind(b.finish(), { batch: 3 });
  verify(bound);
  expect(bound.values.get('y')?.shape).toEqual([3, 2, 2]);
  expect(bind(bound, { batch: 3 })).toBe(bound);
  expect(() => bind(bound, { batch: 0 })).toThrowError(code('OPTION_INVALID'));
});
