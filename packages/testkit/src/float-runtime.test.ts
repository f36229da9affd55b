import { describe, expect, it } from 'vitest';
import * as core from '@whittle/core';
import { float32, LoweringTable, ModelBuilder, tensor } from '@whittle/core';
import type { Id, Model, OpDefinition } from '@whittle/core';
import { floatRuntime } from './float-runtime.js';

const context = {
  lowerings: new LoweringTable(),
  toTflite: () => Promise.reject(new Error('float needs no file')),
};
const none = { activation: 'none' } as const;

function ofOne(build: (b: ModelBuilder, x: Id) => Id): Model {
  const b = new ModelBuilder('m');
  b.output(build(b, b.input('x', [1, 3])));
  return b.finish();
}

const run = async (model: Model, input = float32([1, 3], [1.5, -2, 3])) =>
  (await floatRuntime.run([{ model, inputs: [[input]] }], context))[0].outputs[0][0];

describe('floatRuntime', () => {
  it('evaluates models with truth values and whole numbers in between', async () => {
    const model = ofOne((b, x) => {
      const whole = b.node('whole', core.cast, { dtype: 'int32' }, [x]);
      const one = b.parameter('one', tensor('int32', [1], [1]), 'weight', false);
      const holds = b.node('holds', core.equal, {}, [whole, one]);
      return b.node('y', core.where, {}, [holds, x, b.node('twice', core.add, none, [x, x])]);
    });
    expect(await run(model)).toEqual(float32([1, 3], [1.5, -4, 6]));
  });

  it('refuses ops whose reference function gives floats where the type says whole numbers', async () => {
    const loose: OpDefinition<object> = {
      ...core.relu,
      name: 'loose',
      evaluate: (_, [x]) => [float32(x.shape)],
    };
    const model = ofOne((b, x) => {
      const whole = b.node('whole', core.cast, { dtype: 'int32' }, [x]);
      return b.node('y', core.cast, { dtype: 'float32' }, [b.node('half', loose, {}, [whole])]);
    });
    await expect(run(model)).rejects.toMatchObject({ code: 'OP_UNSUPPORTED' });
  });

  it('refuses quantized values', async () => {
    const quantization = { scale: Float32Array.of(0.5), zeroPoint: Int32Array.of(0) };
    const model = ofOne((b, x) =>
      b.node('y', core.quantize, { dtype: 'int32' }, [x], { quantization: [quantization] }),
    );
    await expect(run(model)).rejects.toMatchObject({ code: 'OP_UNSUPPORTED' });
  });
});
