import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { add, concat, LoweringTable, ModelBuilder, slice, tensor } from '@whittle/core';
import type { Id, Model, Quantization } from '@whittle/core';
import { int8Runtime } from '@whittle/int8';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectBackend } from './backends.js';
import { buildProgram } from './build-program.js';
import { integerNetwork } from './integer-network.fixture.js';
import { kernelLowerings } from './lowerings/index.js';
import { arenaBytesOf, callsOf } from './program.js';
import type { Program } from './program.js';
import { cortexM4Runtime } from './runtimes.js';
import { host, wasm } from './targets/index.js';
import { runTool } from './tool.js';
import { present } from './tools.fixture.js';
import { wasmRuntime } from './wasm/wasm-runtime.js';
import { writeFiles } from './work-folder.js';

const lowerings = new LoweringTable(kernelLowerings);
const q: Quantization = { scale: Float32Array.of(0.5), zeroPoint: Int32Array.of(0) };
const context = { lowerings, toTflite: () => Promise.reject(new Error('not needed')) };

/** The last `kept` values and the new one, and their order of execution changed by nothing. */
function ring(
  kept: number,
  more?: (b: ModelBuilder, ids: { x: Id; state: Id; all: Id; rest: Id }) => void,
): Model {
  const b = new ModelBuilder('ring');
  const x = b.input('x', [1, 1, 1, 4], { dtype: 'int8', quantization: q });
  const initial = Array.from({ length: 4 * kept }, (_, i) => i);
  const state = b.state('kept', tensor('int8', [1, kept, 1, 4], initial, q));
  const all = b.node('all', concat, { axis: 1 }, [state, x], { quantization: [q] });
  const ranges = [{ axis: 1, start: 1, size: kept, step: 1 }];
  const rest = b.node('rest', slice, { ranges }, [all], { quantization: [q] });
  b.nextState(state, rest);
  b.output(b.node('y', add, { activation: 'none' }, [all, all], { quantization: [q] }));
  more?.(b, { x, state, all, rest });
  return b.finish();
}

const kernelsOf = ({ steps }: Program) =>
  steps.flatMap(callsOf).map(({ kernel }) => kernel.name.replace(/_s8.*/, ''));

describe('states in the arena', () => {
  test('a ring of frames is appended to where it lies, and moved down once', async () => {
    const program = await buildProgram(ring(6), lowerings);
    expect(kernelsOf(program)).toEqual(['whittle_copy', 'whittle_add', 'whittle_move']);
    expect(program.values.get('all')?.offset).toBe(program.values.get('kept')?.offset);
    const buffer = program.buffers.find(({ values }) => values.includes('kept'));
    expect(buffer).toMatchObject({ bytes: 28, first: -1, last: 3 });
    // The ring with the new frame, the output, the input, and nothing else.
    expect(arenaBytesOf(program)).toBe(28 + 28);
    expect(program.steps.map(({ name, nodes }) => [name, nodes.length])).toEqual([
      ['all', 1],
      ['rest', 1],
      ['y', 1],
      ['next states', 0],
    ]);
  });

  test('but not where the concat leaves the model, or its rest has readers', async () => {
    const whole = await buildProgram(
      ring(6, (b, { all }) => b.output(all)),
      lowerings,
    );
    expect(whole.values.get('all')?.offset).not.toBe(whole.values.get('kept')?.offset);
    const read = await buildProgram(
      ring(6, (b, { rest, state }) =>
        b.output(b.node('z', add, { activation: 'none' }, [rest, state], { quantization: [q] })),
      ),
      lowerings,
    );
    expect(kernelsOf(read).filter((name) => name === 'whittle_copy')).toHaveLength(2);
  });

  test('a next value is computed in place where nothing reads the state any more', async () => {
    const sum = (late: boolean) => {
      const b = new ModelBuilder('sum');
      const x = b.input('x', [1, 16], { dtype: 'int8', quantization: q });
      const total = b.state('total', tensor('int8', [1, 16], undefined, q));
      const node = (id: Id, inputs: Id[]) =>
        b.node(id, add, { activation: 'none' }, inputs, { quantization: [q] });
      const next = node('next', [total, x]);
      b.nextState(total, next);
      b.output(node('y', late ? [total, next] : [next, next]));
      return buildProgram(b.finish(), lowerings);
    };
    const [early, late] = [await sum(false), await sum(true)];
    expect(kernelsOf(early)).toEqual(['whittle_add', 'whittle_add']);
    expect(early.values.get('next')?.offset).toBe(early.values.get('total')?.offset);
    expect(kernelsOf(late)).toEqual(['whittle_add', 'whittle_add', 'whittle_move']);
  });

  test('an output that is what a state was is kept from its next value', async () => {
    const b = new ModelBuilder('delay');
    const x = b.input('x', [1, 8], { dtype: 'int8', quantization: q });
    const last = b.state('last', tensor('int8', [1, 8], undefined, q));
    b.nextState(last, x);
    b.output(last);
    const program = await buildProgram(b.finish(), lowerings);
    expect(program.outputs[0].offset).not.toBe(program.values.get('last')?.offset);
    expect(kernelsOf(program)).toEqual(['whittle_move', 'whittle_move']);
  });
});

/** A stream of values 1, 2, 3 ... for a ring. */
const streamOf = (length: number, from = 1) =>
  Array.from({ length }, (_, i) => [tensor('int8', [1, 1, 1, 4], new Array<number>(4).fill(from + i), q)]);

describe('runtimes', () => {
  test('streams that run at the same time in WebAssembly leave one another alone', async () => {
    const model = ring(3);
    const cases = [
      { model, inputs: streamOf(6) },
      { model, inputs: streamOf(4, 50) },
    ];
    const expected = await int8Runtime.run(cases, context);
    const together = await Promise.all(cases.map((each) => wasmRuntime.run([each], context)));
    expect(together.map(([{ outputs }]) => outputs)).toEqual(expected.map(({ outputs }) => outputs));
    expect(await wasmRuntime.run(cases, context)).toEqual(expected);
  });

  test.skipIf(!present('arm-none-eabi-gcc', 'qemu-system-arm'))(
    'layers of the last inference of a stream are counted as it was (skipped without compiler and QEMU)',
    async () => {
      const run = { model: ring(3), inputs: streamOf(5) };
      const options = { layers: true };
      const [{ outputs, cost }] = await cortexM4Runtime.run([run], { ...context, options });
      expect(outputs).toEqual((await int8Runtime.run([run], context))[0].outputs);
      const layers = cost!.layers!;
      expect(layers.map(({ name }) => name)).toEqual(['all', 'rest', 'y', 'next states']);
      const sum = layers.reduce((total, { instructions }) => total + instructions, 0);
      // The calls of the hooks between layers, and what they keep in registers.
      expect(Math.abs(sum - cost!.instructions)).toBeLessThan(60);
      expect(layers[1].instructions).toBe(0);
    },
    60_000,
  );
});

describe('projects', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'whittle-streaming-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const emit = (model: Model, target = host) =>
    projectBackend(target).emit(model, { lowerings, options: {} });
  const textOf = (files: ReadonlyMap<string, Uint8Array>, path: string) =>
    new TextDecoder().decode(files.get(path));

  test('say how a stream begins, and what states take', async () => {
    const { files } = await emit(ring(3));
    expect(textOf(files, 'model.h')).toContain('void ring_init(ring_model *model);');
    expect(textOf(files, 'model.c')).toMatch(/memcpy\(arena \+ \d+, kept_initial, 12\); \/\* kept \*\//);
    expect(textOf(files, 'main.c')).toContain('ring_init(&model);');
    const readme = textOf(files, 'README.md');
    expect(readme).toContain('ring_init(&model);          /* once, before the first inference */');
    expect(readme).toMatch(/\| kept \| 12 \| \d+ \|/);
    expect(readme).toContain('| always |');
    expect(textOf((await emit(ring(3), wasm)).files, 'model.mjs')).toContain(
      'reset: () => exports.ring_init(model)',
    );
  });

  test('of models without states have no such function', async () => {
    const { files } = await emit(integerNetwork());
    for (const path of ['model.h', 'model.c', 'main.c', 'README.md'])
      expect(textOf(files, path)).not.toMatch(/_init|<string\.h>|stream/);
  });

  test.skipIf(!present('cc'))(
    'keep streams apart, each in a struct of its own (skipped without cc)',
    async () => {
      const { files } = await emit(ring(2));
      await writeFiles(folder, files);
      const program = `#include <stdio.h>
#include "model.h"
static ring_model a, b;
static void feed(ring_model *m, int value) {
  for (int i = 0; i < RING_INPUT_SIZE; ++i) ring_input(m)[i] = (int8_t)value;
  ring_run(m);
  for (int i = 0; i < RING_OUTPUT_SIZE; i += 4) printf("%d ", ring_output(m)[i]);
}
int main(void) {
  ring_init(&a); feed(&a, 10); ring_init(&b); feed(&b, 20); feed(&a, 11); feed(&b, 21);
  ring_init(&a); feed(&a, 12);
  return 0;
}
`;
      writeFileSync(join(folder, 'streams.c'), program);
      const sources = [...files.keys()].filter((path) => /^(model|kernels\/.*)\.c$/.test(path));
      const flags = ['-Wall', '-Wextra', '-Wconversion', '-Werror', '-I.', '-Ikernels', ...host.flags];
      await runTool(host.compiler, [...flags, 'streams.c', ...sources, '-o', 'streams'], { cwd: folder });
      const printed = await runTool(join(folder, 'streams'), [], { cwd: folder });
      const expected = [
        [0, 8, 20],
        [0, 8, 40],
        [8, 20, 22],
        [8, 40, 42],
        [0, 8, 24],
      ];
      expect(printed.trim()).toBe(expected.flat().join(' '));
    },
  );

  test.skipIf(!present('cmake', 'clang', 'wasm-ld'))(
    'in WebAssembly begin a stream when they are loaded, and anew when they are reset (skipped without cmake, clang)',
    async () => {
      await writeFiles(folder, (await emit(ring(2), wasm)).files);
      await runTool('cmake', ['-B', 'build'], { cwd: folder });
      await runTool('cmake', ['--build', 'build'], { cwd: folder });
      const script = `import { readFile } from 'node:fs/promises';
import { loadModel } from './model.mjs';
const model = await loadModel(await readFile('build/ring.wasm'));
const feed = (value) => { model.input.fill(value); model.run(); return [...model.output].filter((_, i) => i % 4 === 0); };
console.log(JSON.stringify([feed(10), feed(11), (model.reset(), feed(12))]));
`;
      writeFileSync(join(folder, 'stream.mjs'), script);
      const printed = await runTool(process.execPath, ['stream.mjs'], { cwd: folder });
      expect(JSON.parse(printed)).toEqual([
        [0, 8, 20],
        [8, 20, 22],
        [0, 8, 24],
      ]);
    },
    60_000,
  );
});
