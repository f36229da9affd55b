import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ModelBuilder,
  add,
  createRegistry,
  defineOp,
  definePlugin,
  dense,
  float32,
  interpret,
  loadModel,
  lower,
  mul,
  relu,
  saveModel,
  sigmoid,
} from '@whittle/core';
import type { Model, OpDefinition, Tensor } from '@whittle/core';
import { tflmRuntime } from '@whittle/testkit';
import { TFLITE, dumpTflite, readTflite, schema, writeTflite } from '@whittle/tflite-schema';
import { emitTflite, readTfliteModel, tfliteBackend, tflitePlugin } from './index.js';
import type { OperatorReader } from './index.js';

const judged = (await tflmRuntime.unavailable()) === undefined || process.env.CI === 'true';

function unary(op: OpDefinition, shape: readonly (number | 'batch')[] = ['batch', 4]): Model {
  const build = new ModelBuilder('m');
  build.output(build.node('y', op, {}, [build.input('x', shape)]));
  return build.finish();
}

describe('the plugin', () => {
  it('recognizes, reads and writes by way of a registry', async () => {
    const { readers, backends, lowerings, ops } = createRegistry([tflitePlugin]);
    const artifact = await backends
      .get('tflite')!
      .emit(unary(relu), { lowerings, options: { signature: false } });
    const bytes = artifact.files.get(artifact.main!)!;
    expect(artifact.report).toEqual({ bytes: bytes.length });
    const [reader] = readers.filter((each) => each.recognizes(bytes));
    expect((await reader.read(bytes, { ops })).nodes.map((node) => node.op.name)).toEqual(['relu']);
    const odd = backends.get('tflite')!.emit(unary(relu), { lowerings, options: { names: 'none' } });
    await expect(odd).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it.each([
    [{ weights: 'int8' }, "weights: found 'int8', expected one of: float32, float16, dynamic-range"],
    [{ names: 'foo' }, "names: found 'foo', expected one of: all, boundary"],
    [{ signature: '' }, "signature: found '', expected a name, true or false"],
    [{ signature: null }, 'signature: found null, expected a name, true or false'],
    [{ wieghts: 'float16' }, 'wieghts: found no such option, expected one of: names, weights, signature'],
  ])('refuses the options %j, in code and by its backend', async (options, message) => {
    const refusal = { code: 'OPTION_INVALID', message };
    await expect(emitTflite(unary(relu), options as object)).rejects.toMatchObject(refusal);
    expect(() => tfliteBackend.checkOptions?.(options)).toThrow(expect.objectContaining(refusal));
  });

  it('marks the batch as free in what is computed too', async () => {
    const { subgraphs } = readTflite(await emitTflite(unary(sigmoid as OpDefinition)));
    expect(subgraphs[0].tensors.map(({ shape, shapeSignature }) => [shape, shapeSignature])).toEqual([
      [
        [1, 4],
        [-1, 4],
      ],
      [
        [1, 4],
        [-1, 4],
      ],
    ]);
    const one = readTflite(await emitTflite(unary(relu, [1, 4])));
    expect(one.subgraphs[0].tensors.map(({ shapeSignature }) => shapeSignature)).toEqual([[], []]);
  });

  it('writes and reads an op of another plugin, as a custom operator', async () => {
    const halve = defineOp<object>({ ...(relu as OpDefinition), name: 'halve', attributes: z.object({}) });
    const other = definePlugin({
      name: 'other',
      ops: [halve],
      lowerings: [
        lower(TFLITE, halve, () => (n, context) => {
          const inputs = n.inputIds.map((id) => context.tensorOf(id));
          const outputs = n.outputIds.map((id) => context.tensorOf(id));
          context.addOperator({
            operator: { custom: 'Halve' },
            inputs,
            outputs,
            customOptions: Uint8Array.of(7),
          });
        }),
      ],
    });
    const { lowerings } = createRegistry([tflitePlugin, other]);
    const model = unary(halve);
    const bytes = await emitTflite(model, { lowerings });
    expect(dumpTflite(bytes)).toContain('CUSTOM "Halve" v1 (0) -> (1) custom options 1 bytes');
    expect(() => readTfliteModel(bytes)).toThrow('y: no op for custom:Halve');
    const operators = new Map<string, OperatorReader>([
      ['custom:Halve', (o, graph) => graph.addResult(o, halve, {}, [graph.input(o, 0)])],
    ]);
    expect(readTfliteModel(bytes, { operators })).toEqual(model);
  });

  it.skipIf(!judged)('writes an op that it does not know as what the op decomposes to', async () => {
    const gated = defineOp<object>({
      ...(relu as OpDefinition),
      name: 'gated',
      evaluate: (_, [x]) => [
        float32(
          x.shape,
          (x.data as Float32Array).map((v) => v / (1 + Math.exp(-v))),
        ),
      ],
      decompose: (n, add) =>
        add(mul, { activation: 'none' }, [n.inputIds[0], ...add(sigmoid, {}, n.inputIds)]),
    });
    const model = unary(gated);
    const x = float32([1, 4], [-2, 0, 1, 3]);
    const bytes = await emitTflite(model);
    const context = { ...createRegistry([tflitePlugin]), toTflite: () => Promise.resolve(bytes) };
    const [{ outputs }] = await tflmRuntime.run([{ model, inputs: [[x]] }], context);
    const expected = interpret(model, new Map([['x', x]])).get('y') as Tensor;
    outputs[0][0].data.forEach((v, i) => expect(Number(v)).toBeCloseTo(Number(expected.data[i]), 5));
  });
});

describe('what travels with a model', () => {
  const preprocess = { layout: 'NHWC', range: [0, 255], mean: [127.5], scale: [127.5] } as const;
  function noted(): Model {
    const build = new ModelBuilder('digits');
    const x = build.input('image', ['batch', 2], { preprocess });
    const w = build.parameter('both/weights', float32([2, 2], [1, 2, 3, 4]), 'weight');
    const y = build.node('y', dense, { activation: 'none' }, [x, w]);
    build.output(build.node('z', dense, { activation: 'none' }, [y, w]), { labels: ['no', 'yes'] });
    build.metadata({ trainedOn: 'digits' });
    return build.finish();
  }

  it('comes back: name, preprocessing, labels, metadata, shared weights', async () => {
    const model = noted();
    const bytes = await emitTflite(model);
    expect(readTfliteModel(bytes)).toEqual(model);
    expect(readTflite(bytes).signatureDefs[0].inputs).toMatchObject([{ name: 'image', tensorIndex: 0 }]);
  });

  it('keeps what a signature is called, and its inputs and outputs', async () => {
    const file = readTflite(await emitTflite(noted(), { signature: 'classify' }));
    file.signatureDefs[0].inputs[0].name = 'pixels';
    file.signatureDefs[0].outputs[0].name = 'classes';
    const model = readTfliteModel(writeTflite(file));
    expect(model.inputs).toEqual([{ id: 'image', name: 'pixels', preprocess }]);
    // Labels lie behind the file, and were not written again.
    expect(model.outputs).toEqual([{ id: 'z', name: 'classes' }]);
    expect(model.metadata).toEqual({ trainedOn: 'digits', 'tflite/signature': 'classify' });
    const bytes = await emitTflite(model);
    expect(readTflite(bytes).signatureDefs).toEqual(file.signatureDefs);
    expect(readTfliteModel(bytes)).toEqual(model);
    expect(loadModel(saveModel(model))).toEqual(model);
    file.signatureDefs[0].outputs[0].tensorIndex = 0;
    expect(readTfliteModel(writeTflite(file)).outputs[0].name).toBeUndefined();
  });

  it('is refused where it was tampered with', async () => {
    const bytes = await emitTflite(noted());
    const text = new TextDecoder('latin1').decode(bytes);
    const tampered = (what: string, by: string) => {
      const changed = bytes.slice();
      changed.set(new TextEncoder().encode(by), text.indexOf(what));
      return changed;
    };
    expect(readTfliteModel(tampered('"digits"}', '"7igits"}')).metadata).toEqual({ trainedOn: '7igits' });
    for (const [what, by] of [
      ['"digits"}', '[]}}'],
      ['no\nyes', '7'],
    ])
      expect(() => readTfliteModel(tampered(what, by))).toThrow(
        expect.objectContaining({ code: 'FORMAT_INVALID' }),
      );
  });

  it('takes less space without names in between', async () => {
    const [all, some] = [await emitTflite(noted()), await emitTflite(noted(), { names: 'boundary' })];
    expect(some.length).toBeLessThan(all.length);
    expect(readTflite(some).subgraphs[0].tensors.map((t) => t.name)).toEqual(['image', null, null, 'z']);
    expect(readTfliteModel(some).nodes.map((node) => node.op.name)).toEqual(['dense', 'dense']);
  });
});

describe('what the format cannot say is refused', () => {
  it('weights that are computed, an unknown op', async () => {
    const build = new ModelBuilder('m');
    const x = build.input('x', ['batch', 2]);
    const w = build.input('w', [2, 2]);
    build.output(build.node('y', dense, { activation: 'none' }, [x, w]));
    await expect(emitTflite(build.finish())).rejects.toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
    const unknown = defineOp<object>({ ...(relu as OpDefinition), name: 'unknown' });
    await expect(emitTflite(unary(unknown))).rejects.toMatchObject({ code: 'OP_UNSUPPORTED' });
  });

  it('a file whose shapes contradict its operators', async () => {
    const build = new ModelBuilder('m');
    const x = build.input('x', [2, 3]);
    build.output(build.node('y', add, { activation: 'none' }, [x, x]));
    const file = readTflite(await emitTflite(build.finish()));
    file.subgraphs[0].tensors[1].shape = [2, 4];
    const read = () => readTfliteModel(writeTflite(file));
    expect(read).toThrow('the output is float32[2, 4] in the file, but add gives float32[2, 3]');
    file.subgraphs[0].operators[0].builtinOptions = new schema.MulOptionsT();
    file.subgraphs[0].operators[0].builtinOptionsType = schema.BuiltinOptions.MulOptions;
    expect(read).toThrow('found other options, expected AddOptions');
  });
});
