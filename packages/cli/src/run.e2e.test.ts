import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import CRC32 from 'crc-32';
import { describe, expect, it } from 'vitest';
import { saveModel, tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { evaluateInt8 } from '@whittle/int8';
import { cortexM4Runtime, hostRuntime } from '@whittle/mcu';
import { sequenceInputs, tflmRuntime } from '@whittle/testkit';
import {
  jsonOf,
  network,
  runMain,
  temporaryFolder,
  whittle,
  writeNpy,
  writeTflite,
} from './whittle.fixture.js';

const exact = [tflmRuntime, hostRuntime, cortexM4Runtime];

/** CRC-32 by the integer evaluation, of this many pseudo-random inputs. */
async function expectedCrc(inputs: readonly (readonly Tensor[])[]): Promise<string> {
  let crc = 0;
  for (const [input] of inputs) {
    const values = await evaluateInt8(network.model, new Map([['input', input]]));
    for (const { id } of network.model.outputs)
      crc = CRC32.buf(new Uint8Array(values.get(id)!.data.buffer), crc);
  }
  return (crc >>> 0).toString(16).padStart(8, '0');
}

const sequences = (count: number) =>
  Array.from({ length: count }, (_, i) => sequenceInputs(network.model, i + 1));

describe('whittle run', () => {
  it('prints a table, or one JSON object', async () => {
    const path = await writeTflite(temporaryFolder());
    const crc = await expectedCrc(sequences(1));
    const human = await whittle('run', path, '--on', 'int8');
    expect(human).toMatchObject({ code: 0, err: 'int8, 1 input(s) ...\nint8, 1 input(s): 1/1\n' });
    expect(human.out).toContain(crc);
    const json = await whittle('run', path, '--on', 'int8', '--json');
    expect(json.out.trimEnd().split('\n')).toHaveLength(1);
    expect(jsonOf(json)).toMatchObject({
      model: path,
      runs: [
        { runtime: 'int8', ran: 'model', outputCrc32: crc, outputs: [{ dtype: 'int8' }, { dtype: 'int8' }] },
      ],
    });
  });

  it.for(exact)('gives the bits of the integer evaluation on $name', async (runtime, { skip }) => {
    const reason = await runtime.unavailable();
    if (reason !== undefined && process.env.CI !== 'true') skip(reason);
    const path = await writeTflite(temporaryFolder());
    const ended = await whittle('run', path, '--on', runtime.name, '--input', 'sequence:3', '--json');
    const { runs } = jsonOf(ended) as { runs: Record<string, unknown>[] };
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ runtime: runtime.name, outputCrc32: await expectedCrc(sequences(3)) });
    const costs = [
      'instructions',
      'estimatedCycles',
      'arenaBytes',
      'scratchBytes',
      'stackBytes',
      'worstStackBytes',
      'flashBytes',
      'codeBytes',
      'weightBytes',
    ];
    const emulated = runtime.name === 'cortex-m4';
    expect(Object.keys(runs[0])).toEqual([
      'runtime',
      'ran',
      'outputCrc32',
      ...(emulated ? [...costs, 'totalRamBytes', 'totalFlashBytes', 'layers', 'functions'] : []),
      'outputs',
    ]);
    if (!emulated) return;
    for (const cost of costs) expect(Number.isInteger(runs[0][cost]), cost).toBe(true);
    expect(Number(runs[0].instructions)).toBeGreaterThan(1000);
    const layers = runs[0].layers as Record<string, unknown>[];
    expect(layers.length).toBeGreaterThan(1);
    for (const layer of layers)
      expect(Object.keys(layer)).toEqual([
        'name',
        'op',
        'macs',
        'instructions',
        'estimatedCycles',
        'weightBytes',
      ]);
  });

  it('goes on where a runtime fails, and fails in the end', async () => {
    const path = await writeTflite(temporaryFolder());
    const json = await runMain('run', path, '--on', 'float,int8', '--json');
    expect(json.code).toBe(1);
    expect(jsonOf(json).runs).toMatchObject([
      { runtime: 'float', error: { code: 'OP_UNSUPPORTED', message: expect.stringContaining('int8') } },
      { runtime: 'int8', outputCrc32: await expectedCrc(sequences(1)) },
    ]);
    expect(json.err).toMatch(/^error OP_UNSUPPORTED: float: /m);
    const human = await runMain('run', path, '--on', 'float,int8');
    expect(human.out).toContain('float: OP_UNSUPPORTED, see below');
  });

  it('reads its own format, .npy files and zeros', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'model-without-ending');
    writeFileSync(path, saveModel(network.model));
    const [[one], [two]] = sequences(2);
    const { shape } = one;
    const both = Int8Array.of(...(one.data as Int8Array), ...(two.data as Int8Array));
    const arrays = [
      tensor('int8', shape, one.data as Int8Array),
      tensor('int8', shape.slice(1), one.data as Int8Array),
      tensor('int8', [2, ...shape.slice(1)], both),
      tensor('int8', [2, ...shape], both),
    ];
    for (const [i, array] of arrays.entries()) {
      const file = writeNpy(join(folder, `${i}.npy`), array);
      const { runs } = jsonOf(await runMain('run', path, '--on', 'int8', '--input', file, '--json'));
      expect(runs).toMatchObject([
        { runtime: 'int8', outputCrc32: await expectedCrc(sequences(i < 2 ? 1 : 2)) },
      ]);
    }
    const zeros = await runMain('run', path, '--on', 'int8', '--input', 'zeros', '--json');
    expect(jsonOf(zeros).runs).toMatchObject([
      { runtime: 'int8', outputCrc32: await expectedCrc([[tensor('int8', shape)]]) },
    ]);
  });
});
