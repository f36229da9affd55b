import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bind, tensorsEqual } from '@whittle/core';
import type { Model, Runtime, Tensor } from '@whittle/core';
import { defaultRegistry } from '@whittle/cli';
import { loadCifar10, subset, toTensor } from '@whittle/datasets';
import { int8Runtime } from '@whittle/int8';
import { hostRuntime, wasmRuntime } from '@whittle/mcu';
import { convertInputs, runtimeContext, sequenceInputs } from '@whittle/testkit';
import { readTfliteModel } from '@whittle/tflite';

/**
 * Images a second of an int8 classifier as C on this machine, as WebAssembly, and in the TypeScript interpreter, which gets
 * the first few images only; preparing, compiling and the files in between included. With CIFAR-10's test images also how
 * many are recognized.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cifar: { type: 'string' },
    count: { type: 'string', default: '1000' },
    interpreted: { type: 'string', default: '20' },
  },
});
if (positionals.length !== 1)
  throw new Error('usage: evaluate.ts MODEL.tflite [--cifar FOLDER] [--count N] [--interpreted N]');

const model = bind(readTfliteModel(readFileSync(positionals[0])), { batch: 1 });
const { inputs, labels } = await examples(model, Number(values.count));
const context = runtimeContext(defaultRegistry());

const interpreted = await timed(int8Runtime, inputs.slice(0, Number(values.interpreted)));
for (const runtime of [hostRuntime, wasmRuntime]) {
  const outputs = await timed(runtime, inputs);
  const same = interpreted.every((output, i) => tensorsEqual(output, outputs[i]));
  console.log(`${runtime.name}: ${same ? 'equal to' : 'NOT EQUAL TO'} the interpreter`);
}

async function examples(of: Model, count: number): Promise<{ inputs: Tensor[][]; labels?: Int32Array }> {
  if (values.cifar === undefined)
    return { inputs: Array.from({ length: count }, (_, i) => sequenceInputs(of, i + 1)) };
  // The published model takes byte - 128: real values are the bytes.
  const preprocess = { layout: 'NHWC', range: [0, 255], mean: [0], scale: [1] } as const;
  const all = await loadCifar10(values.cifar, { part: 'test', preprocess });
  const part = subset(
    all,
    Array.from({ length: count }, (_, i) => i),
  );
  const { shape, data } = toTensor(part);
  const size = data.length / count;
  const rows = Array.from({ length: count }, (_, i): Tensor => {
    return { dtype: 'float32', shape: [1, ...shape.slice(1)], data: data.subarray(i * size, (i + 1) * size) };
  });
  return { inputs: rows.map((row) => convertInputs([row], of)), labels: part.labels };
}

/** Runs the examples, prints how long it took, and gives the first output of each. */
async function timed(runtime: Runtime, cases: readonly Tensor[][]): Promise<Tensor[]> {
  const start = performance.now();
  const [{ outputs }] = await runtime.run([{ model, inputs: cases }], context);
  const seconds = (performance.now() - start) / 1000;
  const first = outputs.map(([output]) => output);
  const right = labels ? first.filter(({ data }, i) => largest(data) === labels[i]).length : undefined;
  const accuracy = right === undefined ? '' : `, ${right} recognized`;
  const speed = (cases.length / seconds).toFixed(1);
  console.log(
    `${runtime.name}: ${cases.length} images in ${seconds.toFixed(2)} s, ${speed} images/s${accuracy}`,
  );
  return first;
}

function largest(data: Tensor['data']): number {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[best]) best = i;
  return best;
}
