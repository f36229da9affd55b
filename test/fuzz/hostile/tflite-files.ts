import { float32, ModelBuilder, relu, add } from '@whittle/core';
import { emitTflite } from '@whittle/tflite';
import { readTflite, schema, writeTflite } from '@whittle/tflite-schema';
import type { TfliteModel } from '@whittle/tflite-schema';
import { ByteWriter } from './byte-writer.js';
import { alone } from './hostile-file.js';
import type { HostileFile } from './hostile-file.js';

const megabyte = 1 << 20;

/** The sum of the input and a constant, and what is above zero of it. */
function small() {
  const b = new ModelBuilder('small');
  const x = b.input('x', [1, 4]);
  const c = b.parameter('c', float32([4], [1, 2, 3, 4]), 'weight');
  b.output(b.node('y', relu, {}, [b.node('sum', add, { activation: 'none' }, [x, c])]));
  return b.finish();
}

const bytes = await emitTflite(small());

/** What came before and the input, added up; with tensors of a variable that claim half a billion elements. */
async function hugeVariable(): Promise<Uint8Array> {
  const b = new ModelBuilder('sums');
  const sum = b.node('sum', add, { activation: 'none' }, [
    b.input('x', [1, 4]),
    b.state('before', float32([1, 4], [0, 0, 0, 0])),
  ]);
  b.nextState('before', sum);
  b.output(b.node('y', relu, {}, [sum]));
  const model = readTflite(await emitTflite(b.finish()));
  for (const tensor of model.subgraphs[0].tensors)
    if (tensor.shape.join() === '1,4') tensor.shape = [1 << 27, 4];
  return writeTflite(model);
}

function changed(change: (model: TfliteModel) => void): Uint8Array {
  const model = readTflite(bytes);
  change(model);
  return writeTflite(model);
}

const one = (
  name: string,
  change: (model: TfliteModel) => void,
  outcome: HostileFile['outcome'] = 'FORMAT_INVALID',
) => alone(name, outcome, 'm.tflite', changed(change));

/** A table of four fields at most, its parts at offsets from the table's start. */
function table(writer: ByteWriter, slots: readonly number[], fields: readonly number[]): void {
  const vtable = 4 + 2 * slots.length;
  const padding = (4 - ((writer.length + vtable) % 4)) % 4;
  writer.bytes(new Uint8Array(padding)).u16(vtable, 4 + 4 * fields.length, ...slots);
  writer.u32(vtable, ...fields);
}

/** Two million operators that are one: the list of a subgraph refers to a table again and again. */
function sharedOperators(count: number): Uint8Array {
  const file = new ByteWriter().u32(24).text('TFL3').u32(0);
  // Model: version, operator codes, subgraphs, and no more.
  table(file, [4, 8, 12], [3, 8, 8]);
  const rest = new ByteWriter();
  // No codes, one subgraph, whose table begins behind its vtable of 12 bytes.
  rest.u32(0).u32(1, 16);
  table(rest, [0, 0, 0, 4], [4]);
  const inputs = 8;
  const list = new Uint32Array(count);
  // Behind the list: the operator's vtable, and its table.
  for (let i = 0; i < count; i++) list[i] = 4 * (count - i) + 8;
  rest.u32(count).bytes(new Uint8Array(list.buffer));
  rest
    .u16(8, 8, 0, 4)
    .u32(8, 4)
    .u32(inputs, ...new Array<number>(inputs).fill(0));
  return file.bytes(rest.finish()).finish();
}

/** `.tflite` files that are made to do harm. */
export const tfliteFiles: readonly HostileFile[] = [
  alone('a model', 'read', 'm.tflite', bytes),
  one('operators that read each other', ({ subgraphs: [{ operators }] }) => {
    operators[0].inputs[0] = operators[1].outputs[0];
  }),
  one('an operator that reads itself', ({ subgraphs: [{ operators }] }) => {
    operators[0].inputs[0] = operators[0].outputs[0];
  }),
  one('two operators with one output', ({ subgraphs: [{ operators }] }) => {
    operators[1].outputs = operators[0].outputs;
  }),
  one('values of 2^60 elements', ({ subgraphs: [{ tensors }] }) => {
    for (const tensor of tensors) tensor.shape = [1, 2 ** 30, 2 ** 30];
  }),
  one('extents below zero', ({ subgraphs: [{ tensors }] }) => {
    for (const tensor of tensors) tensor.shape = [-1, -4];
  }),
  one(
    'a subgraph that calls itself',
    (model) => {
      const code = new schema.OperatorCodeT();
      code.builtinCode = schema.BuiltinOperator.WHILE;
      code.deprecatedBuiltinCode = 119;
      const index = model.operatorCodes.push(code) - 1;
      const [operator] = model.subgraphs[0].operators;
      operator.opcodeIndex = index;
      operator.builtinOptionsType = schema.BuiltinOptions.WhileOptions;
      operator.builtinOptions = new schema.WhileOptionsT(0, 0);
    },
    'OP_UNSUPPORTED',
  ),
  one(
    'a code of a custom operator',
    (model) => {
      const [code] = model.operatorCodes;
      code.builtinCode = schema.BuiltinOperator.CUSTOM;
      code.deprecatedBuiltinCode = 32;
      code.customCode = 'FlexPyFunc';
    },
    'OP_UNSUPPORTED',
  ),
  one(
    'three hundred constants that are one buffer of 4 MB',
    (model) => {
      const [{ tensors, operators }] = model.subgraphs;
      const buffer = model.buffers.push(new Uint8Array(4 * megabyte)) - 1;
      const first = operators[0];
      for (const tensor of tensors) tensor.shape = [1, megabyte];
      const constant = (name: string) => {
        const tensor = new schema.TensorT([1, megabyte], schema.TensorType.FLOAT32, buffer, name);
        return tensors.push(tensor) - 1;
      };
      let last = first.inputs[0];
      const sums = Array.from({ length: 300 }, (_, i) => {
        const output =
          i === 299 ? first.outputs[0] : tensors.push(new schema.TensorT([1, megabyte], 0, 0, `s${i}`)) - 1;
        const sum = new schema.OperatorT(first.opcodeIndex, [last, constant(`c${i}`)], [output]);
        sum.builtinOptionsType = first.builtinOptionsType;
        sum.builtinOptions = first.builtinOptions;
        last = output;
        return sum;
      });
      operators.splice(0, 1, ...sums);
    },
    'read',
  ),
  alone('a variable of half a billion elements', 'FORMAT_INVALID', 'm.tflite', await hugeVariable()),
  alone('two million operators that are one', 'FORMAT_INVALID', 'm.tflite', sharedOperators(2_000_000)),
];
