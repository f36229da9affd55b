import { bind, isWhittleError, modelCost, permuteAxes } from '@whittle/core';
import type { Model, Runtime, Tensor } from '@whittle/core';
import { int8Runtime } from '@whittle/int8';
import {
  createLiteRtRuntime,
  floatRuntime,
  litertWasmRuntime,
  runFile,
  sequenceInputs,
  tflmRuntime,
} from '@whittle/testkit';
import { emitTflite, readTfliteModel } from '@whittle/tflite';
import { context, registry } from './context.js';
import type { CorpusModel } from './corpus.js';
import { deviation } from './deviation.js';
import type { Deviation } from './deviation.js';
import { pruneAtRandom } from './prune-at-random.js';
import type { Pruning } from './prune-at-random.js';
import { runTfjs } from './run-tfjs.js';

/** A deviation, or why there is none. */
export type Outcome = Deviation | string;

/** What became of a model of the corpus. */
export interface Conformance {
  readonly model: CorpusModel;
  readonly nodes: number;
  readonly parameters: number;
  readonly macs: number;
  readonly isInteger: boolean;
  /** The model as it was read, beside its file in the runtime that it was made for. */
  readonly read: Outcome;
  /** What was written, by runtime, beside the model as it was read. */
  readonly written: ReadonlyMap<string, Outcome>;
  /** Whether a file is the same when the model that it holds is written again. */
  readonly sameBytes: boolean;
  /** What became of a float model without some of its channels. */
  readonly pruned?: Pruning;
}

/** What the corpus' models are run on, once written. */
export const writtenOn: readonly Runtime[] = [
  createLiteRtRuntime({ name: 'LiteRT, XNNPACK' }),
  createLiteRtRuntime({ name: 'LiteRT', resolver: 'builtin' }),
  { ...litertWasmRuntime, name: 'LiteRT, WebAssembly' },
  { ...tflmRuntime, name: 'TFLite Micro' },
];

/** Reads a model, runs it, writes it, and runs what was written. @throws what the reader throws */
export async function conform(model: CorpusModel): Promise<Conformance> {
  const bound = bind(await readReal(model), { batch: 1 });
  const inputs = sequenceInputs(bound, 1);
  const isInteger = [...bound.values.values()].some(({ dtype }) => dtype === 'int8');
  const [{ outputs }] = await (isInteger ? int8Runtime : floatRuntime).run(
    [{ model: bound, inputs: [inputs] }],
    context,
  );
  const [ours] = outputs;
  const { parameters, macs } = modelCost(bound);
  const written = new Map<string, Outcome>();
  for (const runtime of writtenOn)
    written.set(runtime.name, await outcome(() => run(runtime, bound, inputs), ours));
  return {
    model,
    nodes: bound.nodes.length,
    parameters,
    macs,
    isInteger,
    read: await outcome(() => runOwn(model, bound, inputs), ours),
    written,
    sameBytes: await isStable(bound),
    ...(!isInteger && { pruned: await pruneAtRandom(bound, inputs, ours, 1) }),
  };
}

/** @throws what the reader throws */
export async function readReal({ name, bytes, shapes, readBeside }: CorpusModel): Promise<Model> {
  const reader = registry.readers.find((each) => each.recognizes(bytes));
  if (!reader) throw new Error(`${name}: no reader knows it`);
  return reader.read(bytes, { ops: registry.ops, readBeside, shapes });
}

async function run(runtime: Runtime, model: Model, inputs: readonly Tensor[]): Promise<readonly Tensor[]> {
  const [{ outputs }] = await runtime.run([{ model, inputs: [inputs] }], context);
  return outputs[0];
}

/** The file's own outputs, brought into the order of axes that the model was read with. */
async function runOwn(
  { runtime, bytes, readBeside }: CorpusModel,
  model: Model,
  inputs: readonly Tensor[],
): Promise<Tensor[]> {
  if (runtime === 'tfjs') return runTfjs(bytes, readBeside!, model, inputs);
  const axesOf = (id: string) => model.metadata[`onnx/axes/${id}`]?.split(',').map(Number);
  const given = inputs.map((input, i) => {
    const axes = axesOf(model.inputs[i].id);
    return axes
      ? permuteAxes(
          input,
          axes.map((_, axis) => axes.indexOf(axis)),
        )
      : input;
  });
  const outputs = await runFile(runtime, bytes, given);
  return outputs.map((output, i) => {
    const axes = axesOf(model.outputs[i].id);
    return axes ? permuteAxes(output, axes) : output;
  });
}

async function outcome(
  runs: () => Promise<readonly Tensor[]>,
  expected: readonly Tensor[],
): Promise<Outcome> {
  try {
    return deviation(expected, await runs());
  } catch (error) {
    if (!isWhittleError(error)) throw error;
    return error.message;
  }
}

async function isStable(model: Model): Promise<boolean> {
  const first = await emitTflite(model);
  const second = await emitTflite(readTfliteModel(first));
  const third = await emitTflite(readTfliteModel(second));
  return Buffer.compare(Buffer.from(second), Buffer.from(third)) === 0;
}
