import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  add,
  concat,
  defineOp,
  interpret,
  float32,
  lower,
  LoweringTable,
  ModelBuilder,
  print,
  relu,
  slice,
  tensor,
} from '@whittle/core';
import type { Model, OpDefinition, Quantization } from '@whittle/core';
import { dumpTflite, readTflite, schema, TFLITE, writeTflite } from '@whittle/tflite-schema';
import type { TfliteLowering, TfliteModel } from '@whittle/tflite-schema';
import { emitTflite, readTfliteModel, tfliteLowerings } from './index.js';
import type { OperatorReader } from './index.js';

const q: Quantization = { scale: Float32Array.of(0.1), zeroPoint: Int32Array.of(-5) };

/** int8 frames: the last two and the new one, and a second state that lags behind the input. */
function ring(): Model {
  const b = new ModelBuilder('ring');
  const x = b.input('x', [1, 1, 1, 2], { dtype: 'int8', quantization: q });
  const kept = b.state('kept', tensor('int8', [1, 2, 1, 2], [1, 2, 3, 4], q));
  const all = b.node('all', concat, { axis: 1 }, [kept, x], { quantization: [q] });
  const ranges = [{ axis: 1, start: 1, size: 2, step: 1 }];
  b.nextState(kept, b.node('rest', slice, { ranges }, [all], { quantization: [q] }));
  const last = b.state('last', tensor('int8', [1, 1, 1, 2], [-5, -5], q));
  b.nextState(last, x);
  b.output(b.node('y', add, { activation: 'none' }, [all, last], { quantization: [q] }));
  return b.finish();
}

/** The lines of a dump that show operators. */
function operators(bytes: Uint8Array): string[] {
  const lines = dumpTflite(bytes).split('\n');
  return lines.filter((line) => line.includes('->')).map((line) => line.trim());
}

describe('states are variables of the file', () => {
  it('initialized by a subgraph, read before they are needed, assigned when the next value is there', async () => {
    expect(operators(await emitTflite(ring(), { signature: false }))).toEqual([
      'subgraph 0 "ring" (0) -> (9)',
      'CALL_ONCE v1 () -> () init_subgraph_index=1',
      'VAR_HANDLE v1 () -> (1) container="" shared_name="kept"',
      'VAR_HANDLE v1 () -> (2) container="" shared_name="last"',
      'READ_VARIABLE v1 (1) -> (3)',
      'CONCATENATION v2 (3, 0) -> (4) axis=1 fused_activation_function=NONE',
      'SLICE v2 (4, 5, 6) -> (7)',
      'ASSIGN_VARIABLE v1 (1, 7) -> ()',
      'READ_VARIABLE v1 (2) -> (8)',
      'ADD v2 (4, 8) -> (9) fused_activation_function=NONE pot_scale_int16=true',
      'ASSIGN_VARIABLE v1 (2, 0) -> ()',
      'subgraph 1 "initialization" () -> ()',
      'VAR_HANDLE v1 () -> (1) container="" shared_name="kept"',
      'ASSIGN_VARIABLE v1 (1, 0) -> ()',
      'VAR_HANDLE v1 () -> (3) container="" shared_name="last"',
      'ASSIGN_VARIABLE v1 (3, 2) -> ()',
    ]);
  });

  it('and come back as they were', async () => {
    const model = ring();
    const bytes = await emitTflite(model);
    const read = readTfliteModel(bytes);
    expect(print(read)).toBe(print(model));
    expect(read.states).toEqual(model.states);
    expect(await emitTflite(read)).toEqual(bytes);
  });

  it('also where one is an output, keeps its value, or is never read', async () => {
    const b = new ModelBuilder('odd');
    const x = b.input('x', [1, 2]);
    const a = b.state('a', float32([1, 2], [1, 2]));
    const c = b.state('c', float32([1, 2], [3, 4]));
    const fixed = b.state('fixed', float32([1, 2], [5, 6]));
    b.nextState(a, c);
    b.nextState(c, x);
    b.output(a);
    b.output(b.node('y', add, { activation: 'none' }, [a, fixed]));
    const model = b.finish();
    const read = readTfliteModel(await emitTflite(model));
    expect(print(read)).toBe(print(model));
    const feeds = new Map([['x', float32([3, 2], [10, 20, 30, 40, 50, 60])]]);
    expect(interpret(read, feeds)).toEqual(interpret(model, feeds));
  });
});

/** The file of a model with one float state 's', changed. Operators: CALL_ONCE, VAR_HANDLE, READ, RELU of it, ADD, ASSIGN. */
async function changed(change: (file: TfliteModel) => void): Promise<Uint8Array> {
  const b = new ModelBuilder('m');
  const x = b.input('x', ['batch', 2]);
  const s = b.state('s', float32([1, 2], [-1, 7]), { dtype: 'float32', shape: ['batch', 2] });
  const positive = b.node('positive', relu, {}, [s]);
  b.nextState(s, b.node('sum', add, { activation: 'none' }, [s, x]));
  b.output(positive);
  b.output('sum');
  const file = readTflite(await emitTflite(b.finish()));
  change(file);
  return writeTflite(file);
}

const move = ({ subgraphs: [{ operators: list }] }: TfliteModel, from: number, to: number) =>
  list.splice(to, 0, ...list.splice(from, 1));

function outputsOf(model: Model, x = float32([2, 2], [1, 2, 10, 20])): number[][] {
  const found = interpret(model, new Map([['x', x]]));
  return [...found.values()].map(({ data }) => Array.from(data, Number));
}

describe('a variable holds what was assigned last, in the order of the file', () => {
  it('before the assignment it is the state', async () => {
    expect(outputsOf(readTfliteModel(await changed(() => {})))).toEqual([
      [0, 7, 0, 9],
      [0, 9, 10, 29],
    ]);
  });

  it('after it, it is the assigned value, for those who read it then', async () => {
    const bytes = await changed((file) => {
      const [main] = file.subgraphs;
      // Another READ_VARIABLE behind the assignment, for RELU.
      const read = Object.assign(new schema.OperatorT(), main.operators[2]);
      const again =
        main.tensors.push(Object.assign(new schema.TensorT(), main.tensors[2], { name: 'again' })) - 1;
      read.outputs = [again];
      main.operators[3].inputs = [again];
      main.operators.push(read);
      move(file, 3, main.operators.length - 1);
    });
    const model = readTfliteModel(bytes);
    expect(model.nodes.map(({ op, inputs }) => [op.name, ...inputs])).toEqual([
      ['add', 's', 'x'],
      ['relu', 'sum'],
    ]);
    expect(outputsOf(model)).toEqual([
      [0, 9, 10, 29],
      [0, 9, 10, 29],
    ]);
  });

  it('one that is assigned before it is read is no state', async () => {
    const bytes = await changed((file) => {
      const [{ operators: list, inputs }] = file.subgraphs;
      list[5].inputs = [list[5].inputs[0], inputs[0]];
      move(file, 5, 2);
    });
    const model = readTfliteModel(bytes);
    expect(model.states).toEqual([]);
    expect(outputsOf(model, float32([1, 2], [1, 2]))).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });

  it('without an initialization it is zero, or the zero point of int8', async () => {
    const without = (file: TfliteModel) => {
      file.subgraphs.pop();
      file.subgraphs[0].operators.shift();
    };
    const [state] = readTfliteModel(await changed(without)).states;
    expect([...state.initial.data]).toEqual([0, 0]);
    const file = readTflite(await emitTflite(ring()));
    without(file);
    const { states } = readTfliteModel(writeTflite(file));
    expect(states.map(({ initial }) => [...initial.data])).toEqual([
      [-5, -5, -5, -5],
      [-5, -5],
    ]);
  });
});

describe('variables that models cannot express are refused', () => {
  const operator = ({ subgraphs }: TfliteModel, index: number, subgraph = 0) =>
    subgraphs[subgraph].operators[index];
  it.each<readonly [string, string, string, (file: TfliteModel) => void]>([
    [
      'a subgraph that nothing calls',
      'OP_UNSUPPORTED',
      '3 subgraphs',
      (f) => {
        f.subgraphs.push(Object.assign(new schema.SubGraphT(), f.subgraphs[1]));
      },
    ],
    [
      'a call of no subgraph',
      'FORMAT_INVALID',
      'subgraph 9 is called once',
      (f) => {
        (operator(f, 0).builtinOptions as schema.CallOnceOptionsT).initSubgraphIndex = 9;
        f.subgraphs.pop();
      },
    ],
    ['a late initialization', 'OP_UNSUPPORTED', 'before it is initialized', (f) => move(f, 0, 3)],
    [
      'an initialization that computes',
      'OP_UNSUPPORTED',
      'does more than',
      (f) => {
        const relu = Object.assign(new schema.OperatorT(), operator(f, 3));
        f.subgraphs[1].operators.unshift(Object.assign(relu, { inputs: [0], outputs: [1] }));
      },
    ],
    [
      'an initialization by no constant',
      'OP_UNSUPPORTED',
      'expected a constant',
      (f) => {
        f.subgraphs[1].tensors[0].buffer = 0;
      },
    ],
    [
      'an initial value of another shape',
      'FORMAT_INVALID',
      "variable 's' is float32[1, 2]",
      (f) => {
        f.subgraphs[1].tensors[0].shape = [2];
      },
    ],
    [
      'a read of no handle',
      'FORMAT_INVALID',
      'no handle',
      (f) => {
        operator(f, 2).inputs = [...f.subgraphs[0].inputs];
      },
    ],
    [
      'an assignment of another shape',
      'FORMAT_INVALID',
      "variable 's' is float32[1, 2]",
      (f) => {
        const wrong = new schema.TensorT(
          [3],
          schema.TensorType.FLOAT32,
          f.buffers.push(new Uint8Array(12)) - 1,
        );
        operator(f, 5).inputs = [operator(f, 5).inputs[0], f.subgraphs[0].tensors.push(wrong) - 1];
      },
    ],
    [
      'an assignment with an output',
      'FORMAT_INVALID',
      'expected 2 and 0',
      (f) => {
        operator(f, 5).outputs = [...operator(f, 4).outputs];
      },
    ],
  ])('%s', async (_, code, text, change) => {
    const bytes = await changed(change);
    expect(() => readTfliteModel(bytes)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(text) as string }),
    );
  });

  it('several scales', async () => {
    const file = readTflite(await emitTflite(ring()));
    const initial = file.subgraphs[1].tensors[0];
    initial.quantization!.scale = [0.25];
    expect(() => readTfliteModel(writeTflite(file))).toThrowError(
      expect.objectContaining({ code: 'OP_UNSUPPORTED' }),
    );
  });
});

/** y = relu(x), and the sum of all x so far, which the operator adds up in place. */
const accumulate = defineOp<object>({
  ...(relu as OpDefinition),
  name: 'accumulate',
  operands: [{ name: 'input' }, { name: 'total' }],
  attributes: z.object({}),
  infer: ({ inputs }) => [inputs[0], inputs[1]],
  evaluate: (_, [x, total]) => [
    x,
    float32(
      total.shape,
      Float32Array.from(total.data as Float32Array, (t, i) => t + Number(x.data[i])),
    ),
  ],
});
const emitAccumulate: TfliteLowering = Object.assign(
  ((n, context) =>
    context.addOperator({
      operator: { custom: 'Accumulate' },
      inputs: n.inputIds.map((id) => context.tensorOf(id)),
      outputs: [context.tensorOf(n.outputIds[0])],
    })) as TfliteLowering,
  { mutates: [{ input: 1, output: 1 }] },
);
const readAccumulate: OperatorReader = (o, graph) =>
  graph.addResults(o, accumulate, {}, [graph.input(o, 0), graph.input(o, 1)], [1]);
const options = {
  lowerings: new LoweringTable([...tfliteLowerings, lower(TFLITE, accumulate, () => emitAccumulate)]),
};
const readers = { operators: new Map([['custom:Accumulate', readAccumulate]]) };

function accumulating(initial: number, finish?: (b: ModelBuilder) => void): Model {
  const b = new ModelBuilder('accumulating');
  const x = b.input('x', [1, 2]);
  const total = b.state('total', float32([1, 2], [initial, initial]));
  const [y, next] = b.results(['y', 'total/next'], accumulate, {}, [x, total]);
  b.nextState(total, next);
  b.output(b.node('both', add, { activation: 'none' }, [y, next]));
  finish?.(b);
  return b.finish();
}

describe('states that an operator changes in place are variable tensors', () => {
  it('which those behind it read as they have become', async () => {
    const model = accumulating(0);
    const bytes = await emitTflite(model, options);
    const dump = dumpTflite(bytes);
    expect(dump).toContain('  1: "total" FLOAT32 [1, 2] variable\n');
    expect(dump).toContain('CUSTOM "Accumulate" v1 (0, 1) -> (2)\n  ADD v1 (2, 1) -> (3)');
    const read = readTfliteModel(bytes, readers);
    expect(print(read)).toBe(print(model));
    expect(read.states).toEqual(model.states);
    expect(outputsOf(read)).toEqual([[2, 4, 21, 42]]);
  });

  it('also where what they become is an output', async () => {
    const model = accumulating(0, (b) => b.output('total/next'));
    const read = readTfliteModel(await emitTflite(model, options), readers);
    expect(print(read)).toBe(print(model));
  });

  it.each<readonly [string, string, Model]>([
    ['another initial value', 'its initial value', accumulating(1)],
    [
      'a reader of what they were',
      'is needed afterwards',
      accumulating(0, (b) => {
        b.output(b.node('late', relu, {}, ['total']));
      }),
    ],
    ['another next value', "'x' replaces it", accumulating(0, (b) => b.nextState('total', 'x'))],
    ['an operand that is no state', 'no state', stateless()],
  ])('but not with %s', async (_, text, model) => {
    await expect(emitTflite(model, options)).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
      message: expect.stringContaining(text) as string,
    });
  });

  it('and only variable tensors are changed', async () => {
    const file = readTflite(await emitTflite(accumulating(0), options));
    file.subgraphs[0].tensors[1].isVariable = false;
    file.subgraphs[0].inputs.push(1);
    file.signatureDefs = [];
    expect(() => readTfliteModel(writeTflite(file), readers)).toThrow('is no variable tensor');
  });
});

function stateless(): Model {
  const b = new ModelBuilder('stateless');
  const inputs = [b.input('x', [1, 2]), b.input('total', [1, 2])];
  const [y] = b.results(['y', 'next'], accumulate, {}, inputs);
  b.output(y);
  return b.finish();
}
