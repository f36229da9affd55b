import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { evaluateInt8 } from '@whittle/int8';
import { sequenceInputs } from '@whittle/testkit';
import { readNpy } from './npy.js';
import { npyOfTensors } from './npy-of-tensors.js';
import { describeOutputs } from './run-outputs.js';
import { jsonOf, network, runMain, temporaryFolder, writeTflite } from './whittle.fixture.js';

/** The outputs of this many pseudo-random inputs, by the integer evaluation. */
async function evaluated(count: number): Promise<Tensor[][]> {
  const all: Tensor[][] = [];
  for (let i = 1; i <= count; i++) {
    const values = await evaluateInt8(
      network.model,
      new Map([['input', sequenceInputs(network.model, i)[0]]]),
    );
    all.push(network.model.outputs.map(({ id }) => values.get(id)!));
  }
  return all;
}

describe('a .npy file of tensors', () => {
  it.each<Tensor>([
    tensor('float32', [2, 2], [1.5, -2, NaN, Infinity]),
    tensor('int8', [3], [-128, 0, 127]),
    tensor('uint8', [1], [255]),
    tensor('int16', [2], [-300, 300]),
    tensor('int32', [], [70_000]),
    tensor('int64', [2], [-5, 2 ** 40]),
    tensor('bool', [2, 1], [1, 0]),
  ])('of $dtype is read as it was', (value) => {
    const bytes = npyOfTensors([value, value]);
    const found = readNpy(bytes, 'x.npy');
    expect(found).toMatchObject({ dtype: value.dtype, shape: [2, ...value.shape] });
    expect([...found.data]).toEqual([...value.data, ...value.data]);
    expect(bytes.indexOf(10) % 64).toBe(63);
  });
});

describe('outputs of whittle run', () => {
  it('are in the JSON, an inference after the other, and on the screen', async () => {
    const path = await writeTflite(temporaryFolder());
    const { runs } = jsonOf(
      await runMain('run', path, '--on', 'int8', '--input', 'sequence:2', '--json'),
    ) as {
      runs: Record<string, unknown>[];
    };
    const expected = await evaluated(2);
    expect(runs[0].outputs).toEqual(
      network.model.outputs.map(({ id }, i) => ({
        name: id,
        dtype: 'int8',
        shape: expected[0][i].shape,
        values: expected.map((each) => Array.from(each[i].data, Number)),
      })),
    );
    const { out } = await runMain('run', path, '--on', 'int8');
    for (const { data } of expected[0]) expect(out).toContain([...data].slice(0, 8).join(' '));
  });

  it('are text in the JSON where no number is them, and left out where they are many', () => {
    const { model } = network;
    const odd = [[tensor('float32', [3], [NaN, -Infinity, 0.5]), tensor('int64', [1])]];
    (odd[0][1].data as BigInt64Array)[0] = 2n ** 60n;
    expect(describeOutputs(model, { outputs: odd }).map(({ values }) => values)).toEqual([
      [['NaN', '-Infinity', 0.5]],
      [[String(2n ** 60n)]],
    ]);
    const many = describeOutputs(model, { outputs: [[tensor('int8', [1001])]] });
    expect(many).toEqual([{ name: model.outputs[0].id, dtype: 'int8', shape: [1001] }]);
    expect(describeOutputs(model, { outputs: [] })).toEqual([]);
  });

  it('are written as .npy files where a folder is named', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const out = join(folder, 'outputs');
    const args = ['run', path, '--on', 'int8', '--input', 'sequence:3', '--out', out];
    const { runs } = jsonOf(await runMain(...args, '--json')) as {
      runs: { outputs: { name: string; file: string }[] }[];
    };
    const expected = await evaluated(3);
    expect(runs[0].outputs).toHaveLength(2);
    for (const [i, { name, file }] of runs[0].outputs.entries()) {
      expect(file).toBe(join(out, 'int8', `${i}-${name}.npy`));
      const found = readNpy(readFileSync(file), file);
      expect(found).toMatchObject({ dtype: 'int8', shape: [3, ...expected[0][i].shape] });
      expect([...found.data]).toEqual(expected.flatMap((each) => [...each[i].data]));
      expect((await runMain(...args)).out).toContain(file);
    }
    const refused = await runMain('run', path, '--on', 'int8', '--out', path);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('error FILE_UNWRITABLE: ');
  });
});
