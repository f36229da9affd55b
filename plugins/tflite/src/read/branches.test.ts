import { describe, expect, it } from 'vitest';
import { float32, interpret, LoweringTable } from '@whittle/core';
import { createLiteRtRuntime } from '@whittle/testkit';
import { builtinOperatorOf, operatorCode, optionsTypeOf, schema, writeTflite } from '@whittle/tflite-schema';
import { emptyTfliteModel } from '@whittle/tflite-schema';
import type { OperatorOptions } from '@whittle/tflite-schema';
import { emitTflite, readTfliteModel } from '../index.js';

const litert = createLiteRtRuntime({ resolver: 'builtin' });
const judged = (await litert.unavailable()) === undefined || process.env.CI === 'true';
const { ADD, ASSIGN_VARIABLE, GREATER, IF, MUL, SUB, VAR_HANDLE, WHILE } = schema.BuiltinOperator;
const { BOOL, FLOAT32, RESOURCE } = schema.TensorType;

type Op = readonly [
  operator: schema.BuiltinOperator,
  options: OperatorOptions | null,
  inputs: number[],
  outputs: number[],
];

/** A subgraph: tensors by type and shape, or constants. */
interface Part {
  readonly tensors: readonly (readonly [schema.TensorType, readonly number[], Uint8Array?])[];
  readonly inputs: number[];
  readonly outputs: number[];
  readonly operators: readonly Op[];
}

const bytes = (...numbers: number[]) => new Uint8Array(Float32Array.of(...numbers).buffer);
const x = [FLOAT32, [1, 3]] as const;
const add = (a: number, b: number, to: number): Op => [ADD, new schema.AddOptionsT(), [a, b], [to]];
const mul = (a: number, b: number, to: number): Op => [MUL, new schema.MulOptionsT(), [a, b], [to]];
const branch = (condition: number, args: number[], outputs: number[], then = 1, otherwise = 2): Op => [
  IF,
  new schema.IfOptionsT(then, otherwise),
  [condition, ...args],
  outputs,
];

function fileOf(...parts: readonly Part[]): Uint8Array {
  const buffers: Uint8Array[] = [new Uint8Array(0)];
  const codes: schema.OperatorCodeT[] = [];
  const codeOf = (operator: schema.BuiltinOperator) => {
    const at = codes.findIndex((code) => builtinOperatorOf(code) === operator);
    return at >= 0 ? at : codes.push(operatorCode(operator)) - 1;
  };
  const subgraphs = parts.map(({ tensors, inputs, outputs, operators }, part) => {
    const made = tensors.map(
      ([type, shape, data], i) =>
        new schema.TensorT([...shape], type, data ? buffers.push(data) - 1 : 0, `t${part}_${i}`),
    );
    const ops = operators.map(
      ([operator, options, ins, outs]) =>
        new schema.OperatorT(codeOf(operator), ins, outs, optionsTypeOf(options), options),
    );
    return new schema.SubGraphT(made, inputs, outputs, ops, `part ${part}`);
  });
  return writeTflite({ ...emptyTfliteModel(), operatorCodes: codes, subgraphs, buffers });
}

/** Tensors 0: x, 1: the sum of it, 2: a threshold, 3: whether it is above, 4: the result. */
const main = (...operators: readonly Op[]): Part => ({
  tensors: [
    x,
    [FLOAT32, [1]],
    [FLOAT32, [1], bytes(0.5)],
    [BOOL, [1]],
    x,
    x,
    [FLOAT32, [1, 3], bytes(1, 2, 3)],
  ],
  inputs: [0, 1],
  outputs: [4],
  operators: [[GREATER, new schema.GreaterOptionsT(), [1, 2], [3]], ...operators],
});
/** x + c, and x * c. */
const plus: Part = { tensors: [x, x, x], inputs: [0, 1], outputs: [2], operators: [add(0, 1, 2)] };
const times: Part = {
  tensors: [x, x, x, [FLOAT32, [1], bytes(2)], x],
  inputs: [0, 1],
  outputs: [4],
  operators: [mul(0, 3, 2), mul(2, 1, 4)],
};
const same: Part = { tensors: [x, x], inputs: [0, 1], outputs: [0], operators: [] };

const known = (holds: number): Part => ({
  tensors: [x, x, [BOOL, [1], Uint8Array.of(holds)], x, [FLOAT32, [1]]],
  inputs: [0, 4],
  outputs: [3],
  operators: [branch(2, [0, 0], [3])],
});
/** The condition is what constants come to. */
const computed: Part = {
  tensors: [x, [FLOAT32, [1]], [FLOAT32, [1], bytes(1)], [FLOAT32, [1], bytes(2)], [BOOL, [1]], x],
  inputs: [0, 1],
  outputs: [5],
  operators: [[GREATER, new schema.GreaterOptionsT(), [2, 3], [4]], branch(4, [0, 0], [5])],
};
/** Of a branch the condition is another one's. */
const inner: Part = {
  tensors: [x, x, [FLOAT32, [1]], [FLOAT32, [1], bytes(1)], [BOOL, [1]], x],
  inputs: [0, 1, 2],
  outputs: [5],
  operators: [[GREATER, new schema.GreaterOptionsT(), [2, 3], [4]], branch(4, [0, 1], [5], 3, 4)],
};
const third: Part = { ...plus, tensors: [...plus.tensors, [FLOAT32, [1]]], inputs: [0, 1, 3] };

const cases: readonly (readonly [string, Uint8Array, readonly string[]])[] = [
  [
    'two branches',
    fileOf(main(branch(3, [0, 6], [4])), plus, times),
    ['greater', 'add', 'mul', 'mul', 'reshape', 'where'],
  ],
  [
    'a branch of nothing',
    fileOf(main(branch(3, [0, 6], [4])), same, plus),
    ['greater', 'add', 'reshape', 'where'],
  ],
  [
    'the same branch at two places',
    fileOf(main(branch(3, [0, 6], [5]), branch(3, [5, 6], [4])), plus, times),
    ['greater', 'add', 'mul', 'mul', 'reshape', 'where', 'add', 'mul', 'mul', 'reshape', 'where'],
  ],
  ['a condition that is known to hold', fileOf(known(1), plus, times), ['add']],
  ['a condition that constants come to', fileOf(computed, plus, times), ['mul', 'mul']],
  ['a condition that is known not to hold', fileOf(known(0), plus, times), ['mul', 'mul']],
  [
    'a branch within a branch',
    fileOf(main(branch(3, [0, 6, 1], [4])), inner, third, plus, times),
    ['greater', 'greater', 'add', 'mul', 'mul', 'reshape', 'where', 'add', 'reshape', 'where'],
  ],
];

describe('branches of .tflite files', () => {
  it.skipIf(!judged).each(cases)(
    '%s: computes what LiteRT does, whichever is taken',
    async (_, file, ops) => {
      const model = readTfliteModel(file);
      const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(file) };
      const again = await emitTflite(model);
      const rewritten = { ...context, toTflite: () => Promise.resolve(again) };
      for (const threshold of [0, 0.75, 2]) {
        const inputs = [float32([1, 3], [1, -2, 3]), float32([1], [threshold])];
        const values = interpret(model, new Map(model.inputs.map(({ id }, i) => [id, inputs[i]])));
        const expected = values.get(model.outputs[0].id);
        for (const each of [context, rewritten]) {
          const [{ outputs }] = await litert.run([{ model, inputs: [inputs] }], each);
          expect(outputs[0][0].data).toEqual(expected?.data);
        }
      }
      const names = model.nodes.map((node) => node.op.name);
      expect([...names].sort()).toEqual([...ops].sort());
      expect(readTfliteModel(await emitTflite(readTfliteModel(again)))).toEqual(readTfliteModel(again));
    },
  );

  it('has constants of a branch once, however often it is there', () => {
    const model = readTfliteModel(cases[2][1]);
    expect([...model.parameters.keys()].filter((id) => id.startsWith('t2'))).toEqual(['t2_3']);
  });

  it('leaves the result its name where the branch is known', () => {
    expect(readTfliteModel(cases[3][1]).outputs).toEqual([{ id: 't0_3' }]);
  });

  const recursive: Part = { ...inner, operators: [inner.operators[0], branch(4, [0, 1, 2], [5], 1, 2)] };
  const assigns: Part = {
    ...plus,
    tensors: [...plus.tensors, [RESOURCE, []]],
    operators: [
      ...plus.operators,
      [VAR_HANDLE, new schema.VarHandleOptionsT('', 'v'), [], [3]],
      [ASSIGN_VARIABLE, new schema.AssignVariableOptionsT(), [3, 2], []],
    ],
  };
  const loop: Op = [WHILE, new schema.WhileOptionsT(1, 2), [0, 6], [4, 5]];

  it.each([
    ['a branch that contains itself', [main(branch(3, [0, 6, 1], [4])), recursive, third], 'contains itself'],
    ['a branch that assigns a variable', [main(branch(3, [0, 6], [4])), assigns, plus], 'changes variables'],
    ['a loop', [main(loop), plus, plus], 'WHILE'],
    ['subgraphs that nothing names', [main(add(0, 6, 4)), plus], 'none names 1'],
    [
      'an operator of a branch',
      [
        main(branch(3, [0, 6], [4])),
        { ...plus, operators: [[schema.BuiltinOperator.TOPK_V2, null, [0, 1], [2]]] },
        plus,
      ],
      'TOPK_V2',
    ],
  ] as const)('refuses %s', (_, parts, message) => {
    const read = () => readTfliteModel(fileOf(...(parts as readonly Part[])));
    expect(read).toThrow(expect.objectContaining({ code: 'OP_UNSUPPORTED' }));
    expect(read).toThrow(message);
  });

  it.each([
    ['more operands than the branch takes', main(branch(3, [0], [4]))],
    ['more results than the branch has', main(branch(3, [0, 6], [4, 5]))],
    ['a branch that is not there', main(branch(3, [0, 6], [4], 1, 7))],
    ['the whole as a branch', main(branch(3, [0, 6], [4], 0, 1))],
    ['a condition that is a number', main(branch(1, [0, 6], [4]))],
    ['no options', main([IF, null, [3, 0, 6], [4]])],
  ])('finds %s at fault', (_, part) => {
    const read = () => readTfliteModel(fileOf(part, plus, times));
    expect(read).toThrow(expect.objectContaining({ code: 'FORMAT_INVALID' }));
  });

  it('is not led to write out more than a file of its size can mean', () => {
    const twice = (next: number): Part => ({
      tensors: [x, x, [BOOL, [1]], x],
      inputs: [0, 1, 2],
      outputs: [3],
      operators: [branch(2, [0, 1, 2], [3], next, next + 1)],
    });
    const both = Array.from({ length: 40 }, (_, i) => [twice(2 * i + 3), twice(2 * i + 3)]).flat();
    const ends = [third, third].map((part) => ({ ...part, tensors: [x, x, x, [BOOL, [1]] as const] }));
    const file = fileOf(main(branch(3, [0, 6, 3], [4])), ...both, ...ends);
    expect(() => readTfliteModel(file)).toThrow(expect.objectContaining({ code: 'OP_UNSUPPORTED' }));
    expect(() => readTfliteModel(file)).toThrow('when each is written out');
  });

  it('reads SELECT with a condition about the first axis', () => {
    const select: Part = {
      tensors: [
        [FLOAT32, [3, 2]],
        [FLOAT32, [3]],
        [FLOAT32, [1], bytes(0)],
        [BOOL, [3]],
        [FLOAT32, [3, 2]],
        [FLOAT32, [3, 2]],
        [FLOAT32, [1], bytes(7)],
      ],
      inputs: [0, 1],
      outputs: [4],
      operators: [
        [GREATER, new schema.GreaterOptionsT(), [1, 2], [3]],
        [SUB, new schema.SubOptionsT(), [0, 6], [5]],
        [schema.BuiltinOperator.SELECT, new schema.SelectOptionsT(), [3, 0, 5], [4]],
      ],
    };
    const model = readTfliteModel(fileOf(select));
    const inputs = [float32([3, 2], [1, 2, 3, 4, 5, 6]), float32([3], [1, -1, 1])];
    const values = interpret(model, new Map(model.inputs.map(({ id }, i) => [id, inputs[i]])));
    expect(values.get('t0_4')).toEqual(float32([3, 2], [1, 2, -4, -3, 5, 6]));
    expect(model.nodes.map(({ op }) => op.name)).toEqual(['greater', 'sub', 'reshape', 'where']);
  });
});
