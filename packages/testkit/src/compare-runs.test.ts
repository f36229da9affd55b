import { describe, expect, it } from 'vitest';
import { createRegistry, dense, float32, ModelBuilder, patch, relu, tensor } from '@whittle/core';
import type { Model, Tensor } from '@whittle/core';
import { int8Plugin, int8Runtime } from '@whittle/int8';
import { compareRuns } from './compare-runs.js';
import { floatRuntime } from './float-runtime.js';
import { runtimeContext } from './runtime-context.js';
import { perTensor } from './suites/draw.js';
import { int8Suites } from './suites/index.js';

const context = runtimeContext(createRegistry([int8Plugin]));
const [network] = int8Suites([3])
  .find(({ name }) => name === 'network')!
  .cases();

/** The same model with other weights in its last convolution. */
function withFault(model: Model): { readonly model: Model; readonly layer: string } {
  const weights = [...model.parameters.values()].filter(({ role }) => role === 'weight');
  const { id, tensor: weight } = weights[weights.length - 1];
  const data = (weight.data as Int8Array).map((w) => w ^ 0x40);
  const layer = model.nodes.find(({ inputs }) => inputs.includes(id))!.outputs[0];
  return { model: patch(model, (edit) => edit.setParameter(id, { tensor: { ...weight, data } })), layer };
}

describe('compareRuns', () => {
  it('compares every computed value', async () => {
    const side = { model: network.model, runtime: int8Runtime };
    const comparison = await compareRuns(side, side, network.inputs, context);
    expect(comparison.first).toBeUndefined();
    expect(comparison.values.map(({ a }) => a)).toEqual(
      network.model.nodes.flatMap(({ outputs }) => outputs),
    );
    expect(comparison.unmatched).toEqual({ a: [], b: [] });
  });

  it('finds the layer whose weights differ, not those after it', async () => {
    const { model, layer } = withFault(network.model);
    const a = { model: network.model, runtime: int8Runtime };
    const comparison = await compareRuns(a, { model, runtime: int8Runtime }, network.inputs, context);
    expect(comparison.first?.a).toBe(layer);
    expect(comparison.first?.difference?.count).toBeGreaterThan(0);
  });

  it('compares a float model with its quantized self in real values, in steps', async () => {
    const weights = [0.5, -0.25, 1, 0.75];
    const float = new ModelBuilder('float');
    const x = float.input('x', ['batch', 2]);
    const w = float.parameter('w', float32([2, 2], weights), 'weight');
    float.output(float.node('r', relu, {}, [float.node('y', dense, { activation: 'none' }, [x, w])]));
    const quantized = new ModelBuilder('quantized');
    const [qx, qy] = [perTensor(1 / 64, 0), perTensor(1 / 32, 0)];
    const xi = quantized.input('x', ['batch', 2], { dtype: 'int8', quantization: qx });
    const stored = tensor(
      'int8',
      [2, 2],
      weights.map((v) => v * 64),
      perTensor(1 / 64, 0),
    );
    const wi = quantized.parameter('w', stored, 'weight');
    const yi = quantized.node('y', dense, { activation: 'none' }, [xi, wi], { quantization: [qy] });
    quantized.output(quantized.node('rectified', relu, {}, [yi], { quantization: [qy] }));
    const a = { model: float.finish(), runtime: floatRuntime };
    const b = { model: quantized.finish(), runtime: int8Runtime };
    const inputs: Tensor[][] = [[float32([1, 2], [0.3, -0.7])], [float32([1, 2], [1, 0.11])]];
    const comparison = await compareRuns(a, b, inputs, context, { tolerance: 1 });
    expect(comparison.first).toBeUndefined();
    expect(comparison.values.map(({ a, b, unit }) => [a, b, unit])).toEqual([
      ['y', 'y', 'steps'],
      ['r', 'rectified', 'steps'],
    ]);
    const [y] = comparison.values;
    expect(y.largest).toBeGreaterThan(0);
    expect(y.largest).toBeLessThanOrEqual(1);
    expect((await compareRuns(a, b, inputs, context)).first?.a).toBe('y');
  });

  it('refuses models without a common value, and inputs of another size', async () => {
    const side = { model: network.model, runtime: int8Runtime };
    const builder = new ModelBuilder('other');
    builder.output(builder.node('other', relu, {}, [builder.input('x', [1, 1000])]));
    const other = { model: builder.finish(), runtime: floatRuntime };
    await expect(compareRuns(side, other, network.inputs, context)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
    await expect(compareRuns(side, side, [[tensor('int8', [1, 1000])]], context)).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
  });
});
