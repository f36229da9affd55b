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
import { row } from '../bench.js';
import type { Bench, BenchRow } from '../bench.js';

interface Settings {
  readonly cifar?: string;
  readonly count: number;
  readonly interpreted: number;
}

/**
 * Milliseconds an image of an int8 classifier as C on this machine and as WebAssembly, beside the TypeScript interpreter, which
 * gets the first few images only; preparing, compiling and the files in between included. With CIFAR-10's test images it also
 * says how many are recognized.
 */
export const bench: Bench = {
  needs: 'MODEL.tflite [--cifar FOLDER] [--count N] [--interpreted N]',
  async run(args, say) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        cifar: { type: 'string' },
        count: { type: 'string', default: '1000' },
        interpreted: { type: 'string', default: '20' },
      },
    });
    if (positionals.length !== 1) throw new Error(`evaluate needs one model, found ${positionals.length}`);
    const settings = {
      ...(values.cifar !== undefined && { cifar: values.cifar }),
      count: Number(values.count),
      interpreted: Number(values.interpreted),
    };
    const model = bind(readTfliteModel(readFileSync(positionals[0])), { batch: 1 });
    const { inputs, labels } = await examples(model, settings);
    const peer = await timed(int8Runtime, model, inputs.slice(0, settings.interpreted), labels, say);
    const rows: BenchRow[] = [];
    for (const runtime of [hostRuntime, wasmRuntime]) {
      const ours = await timed(runtime, model, inputs, labels, say);
      if (!peer.outputs.every((output, i) => tensorsEqual(output, ours.outputs[i])))
        throw new Error(`${runtime.name} does not compute what the interpreter computes`);
      rows.push(row(`an image on ${runtime.name}`, ours.ms, 'the int8 interpreter', peer.ms));
    }
    return rows;
  },
};

async function examples(
  of: Model,
  { cifar, count }: Settings,
): Promise<{ inputs: Tensor[][]; labels?: Int32Array }> {
  if (cifar === undefined)
    return { inputs: Array.from({ length: count }, (_, i) => sequenceInputs(of, i + 1)) };
  // The published model takes byte - 128: real values are the bytes.
  const preprocess = { layout: 'NHWC', range: [0, 255], mean: [0], scale: [1] } as const;
  const all = await loadCifar10(cifar, { part: 'test', preprocess });
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

/** Runs the examples, says how long it took, and gives the first output of each. */
async function timed(
  runtime: Runtime,
  model: Model,
  cases: readonly Tensor[][],
  labels: Int32Array | undefined,
  say: (line: string) => void,
): Promise<{ readonly outputs: readonly Tensor[]; readonly ms: number }> {
  const start = performance.now();
  const [{ outputs }] = await runtime.run([{ model, inputs: cases }], runtimeContext(defaultRegistry()));
  const ms = performance.now() - start;
  const first = outputs.map(([output]) => output);
  const right = labels ? first.filter(({ data }, i) => largest(data) === labels[i]).length : undefined;
  const accuracy = right === undefined ? '' : `, ${right} recognized`;
  const speed = ((1000 * cases.length) / ms).toFixed(1);
  say(`${runtime.name}: ${cases.length} images in ${(ms / 1000).toFixed(2)} s, ${speed} images/s${accuracy}`);
  return { outputs: first, ms: ms / cases.length };
}

function largest(data: Tensor['data']): number {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[best]) best = i;
  return best;
}
