import {
  averagePool2d,
  concat,
  conv2d,
  createRandom,
  cumsum,
  flatten,
  gather,
  maxPool2d,
  maximum,
  ModelBuilder,
  relu6,
  softmax,
  split,
  tensor,
  verify,
} from '@whittle/core';
import type { Id, Model, PoolAttributes, Quantization } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { evaluateInt8 } from '../evaluate-int8.js';
import { randomInt8, scaled } from '../int8-node.fixture.js';
import { legalize } from './legalize.js';

const random = createRandom(8).at('legalize');
const q = scaled(0.1, 5);
const image = ['batch', 4, 4, 2] as const;

/** A model of one int8 image x and what `add` makes of it. */
function model(add: (build: ModelBuilder, x: Id) => Id): Model {
  const build = new ModelBuilder('m');
  const x = build.input('x', image, { dtype: 'int8', quantization: q });
  build.output(add(build, x));
  return build.finish();
}

const as = (quantization: Quantization) => ({ quantization: [quantization] });
const opsOf = (m: Model) => m.nodes.map((node) => node.op.name);
const pool: PoolAttributes = { size: [2, 2], strides: [2, 2], padding: 'valid', activation: 'none' };

async function evaluate(m: Model): Promise<number[]> {
  const x = randomInt8(createRandom(5).at('x'), [1, 4, 4, 2], q);
  const values = await evaluateInt8(m, new Map([['x', x]]));
  return Array.from(values.get(m.outputs[0].id)!.data, Number);
}

describe('legalize', () => {
  it('leaves a legal model as it is', async () => {
    const build = new ModelBuilder('m');
    const x = build.input('x', [1, 4, 4, 2], { dtype: 'int8', quantization: q });
    build.output(build.node('y', maxPool2d, pool, [x], as(q)));
    const legal = build.finish();
    expect(await legalize(legal)).toBe(legal);
  });

  it('binds the batch', async () => {
    const legal = await legalize(model((b, x) => b.node('y', maxPool2d, pool, [x], as(q))));
    expect(legal.values.get('y')!.shape).toEqual([1, 2, 2, 2]);
  });

  it('rescales after pooling, relu6, flatten and softmax', async () => {
    for (const [op, attributes] of [
      [averagePool2d, pool],
      [relu6, {}],
      [flatten, {}],
      [softmax, { beta: 1 }],
    ] as const) {
      const legal = await legalize(
        model((b, x) => b.node('y', op as never, attributes as never, [x], as(scaled(0.05)))),
      );
      verify(legal);
      expect(opsOf(legal)).toEqual([op.name, 'quantize']);
      expect(legal.values.get('y')!.quantization).toEqual(scaled(0.05));
    }
  });

  it('rescales operands of concat and maximum, constants at once', async () => {
    const joined = await legalize(
      model((b, x) => {
        const small = b.node('small', maxPool2d, { ...pool, size: [1, 1], strides: [1, 1] }, [x], as(q));
        return b.node('y', concat, { axis: 3 }, [small, x, small], as(scaled(0.2)));
      }),
    );
    verify(joined);
    // One for each value, not for each use.
    expect(opsOf(joined).filter((name) => name === 'quantize')).toHaveLength(2);
    const compared = await legalize(
      model((b, x) => {
        const k = b.parameter('k', tensor('int8', [2], [10, -20], scaled(0.5, 0)), 'offset');
        return b.node('y', maximum, { activation: 'none' }, [x, k], as(q));
      }),
    );
    expect(opsOf(compared)).toEqual(['maximum']);
    // 5 / 0.1 + 5 and -10 / 0.1 + 5.
    expect([...compared.parameters.get(compared.nodes[0].inputs[1])!.tensor.data]).toEqual([55, -95]);
  });

  it('brings the operand of a cumsum to zero point 0, and what indices pick to its own scale', async () => {
    const summed = await legalize(
      model((b, x) =>
        b.node('y', cumsum, { axis: 2, exclusive: false, reverse: false }, [x], as(scaled(0.3, 2))),
      ),
    );
    verify(summed);
    expect(opsOf(summed)).toEqual(['quantize', 'cumsum']);
    const centred = summed.values.get(summed.nodes[1].inputs[0])!.quantization!;
    expect(centred.zeroPoint[0]).toBe(0);
    expect(centred.scale[0]).toBeCloseTo((0.1 * 133) / 127);
    const picked = await legalize(
      model((b, x) => {
        const indices = b.parameter('indices', tensor('int32', [2], [3, 0]), 'weight');
        return b.node('y', gather, { axis: 1 }, [x, indices], as(scaled(0.2)));
      }),
    );
    verify(picked);
    expect(opsOf(picked)).toEqual(['gather', 'quantize']);
    expect(picked.values.get(picked.nodes[0].outputs[0])!.quantization).toEqual(q);
  });

  it('splits at one scale, and rescales the parts that have another', async () => {
    const build = new ModelBuilder('parts');
    const x = build.input('x', image, { dtype: 'int8', quantization: q });
    const parts = build.results(['left', 'right'], split, { axis: 3, sizes: [1, 1] }, [x], {
      quantization: [q, scaled(0.2, -3)],
    });
    parts.forEach((id) => build.output(id));
    const legal = await legalize(build.finish());
    verify(legal);
    expect(opsOf(legal)).toEqual(['split', 'quantize']);
    expect(legal.nodes[0].outputs).toEqual(['left', 'right/unscaled']);
    expect(legal.outputs.map(({ id }) => id)).toEqual(['left', 'right']);
  });

  it('takes a fused activation off a maximum', async () => {
    const legal = await legalize(
      model((b, x) => b.node('y', maximum, { activation: 'relu' }, [x, x], as(q))),
    );
    expect(opsOf(legal)).toEqual(['maximum', 'relu']);
    expect(Math.min(...(await evaluate(legal)))).toBeGreaterThanOrEqual(5);
  });

  it('splits a concat of more than ten', async () => {
    const m = model((b, x) => b.node('y', concat, { axis: 3 }, new Array<Id>(23).fill(x), as(q)));
    const legal = await legalize(m);
    verify(legal);
    expect(legal.nodes.every((node) => node.inputs.length <= 10)).toBe(true);
    expect(legal.values.get('y')!.shape).toEqual([1, 4, 4, 46]);
    const found = await evaluate(legal);
    const x = randomInt8(createRandom(5).at('x'), [1, 4, 4, 2], q).data;
    found.forEach((y, i) => expect(y).toBe(x[Math.floor(i / 46) * 2 + (i % 2)]));
  });

  it('gives margins of pooling a name, or a pad with the minimum', async () => {
    const same = { top: 0, bottom: 1, left: 0, right: 1 };
    const named = await legalize(
      model((b, x) => b.node('y', averagePool2d, { ...pool, size: [3, 3], padding: same }, [x], as(q))),
    );
    expect(named.nodes[0].attributes).toMatchObject({ padding: 'same' });
    const margins = { top: 1, bottom: 1, left: 1, right: 1 };
    const padded = await legalize(
      model((b, x) => b.node('y', maxPool2d, { ...pool, padding: margins }, [x], as(q))),
    );
    expect(opsOf(padded)).toEqual(['pad', 'max_pool2d']);
    // The corners see one pixel each, the margin never wins.
    const x = randomInt8(createRandom(5).at('x'), [1, 4, 4, 2], q).data;
    expect((await evaluate(padded)).slice(0, 2)).toEqual([...x.slice(0, 2)]);
    await expect(
      legalize(model((b, x0) => b.node('y', averagePool2d, { ...pool, padding: margins }, [x0], as(q)))),
    ).rejects.toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
  });

  it('refuses a float model, and all that kernels refuse at once', async () => {
    const build = new ModelBuilder('f');
    build.output(build.node('y', relu6, {}, [build.input('x', ['batch', 2])]));
    await expect(legalize(build.finish())).rejects.toMatchObject({ code: 'QUANTIZATION_INVALID' });
    const weight = randomInt8(random, [1, 1, 2, 2], scaled(0.1, 9));
    const wrong = model((b, x) =>
      b.node(
        'y',
        conv2d,
        { strides: [1, 1], dilations: [1, 1], padding: 'valid', activation: 'none', groups: 1 },
        [x, b.parameter('w', weight, 'weight')],
        as(q),
      ),
    );
    await expect(legalize(wrong)).rejects.toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
    const twice = model((b, x) => {
      const margins = { top: 1, bottom: 1, left: 1, right: 1 };
      const pooled = b.node('pooled', averagePool2d, { ...pool, padding: margins }, [x], as(q));
      return b.node('y', softmax, { beta: 1 }, [b.node('none', relu6, {}, [pooled])], as(q));
    });
    await expect(legalize(twice)).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
      problems: [{ node: 'pooled' }, { node: 'none' }, { node: 'y' }],
    });
  });
});
