import { describe, expect, it } from 'vitest';
import { coreOps, print, sizeOf, verify } from '@whittle/core';
import { opDraw, randomModel } from '../index.js';
import { relu } from '@whittle/core';

const models = Array.from({ length: 600 }, (_, i) => randomModel(i + 1));
const reads = (model: (typeof models)[number]['model']) =>
  model.nodes.flatMap((node) => node.inputs.filter((id) => !model.parameters.has(id)));

describe('random models', () => {
  it('are valid', () => {
    for (const { model } of models) verify(model);
  });

  it('reach every op of core that float models have', () => {
    const reached = new Set(models.flatMap(({ model }) => model.nodes.map(({ op }) => op.name)));
    expect(coreOps.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([
      'quantize',
      'dequantize',
    ]);
  });

  it('are the same for a seed', () => {
    expect(print(randomModel(7).model)).toBe(print(models[6].model));
    expect(randomModel(7)).toEqual(models[6]);
    expect(print(models[7].model)).not.toBe(print(models[6].model));
  });

  it('are graphs: several inputs and outputs, values that are read often, free batches, states', () => {
    const count = (test: (model: (typeof models)[number]['model']) => boolean) =>
      models.filter(({ model }) => test(model)).length;
    expect(count((m) => m.inputs.length > 1)).toBeGreaterThan(60);
    expect(count((m) => m.outputs.length > 1)).toBeGreaterThan(60);
    expect(count((m) => new Set(reads(m)).size < reads(m).length)).toBeGreaterThan(60);
    expect(count((m) => m.states.length > 0)).toBeGreaterThan(30);
    expect(count((m) => [...m.values.values()].some(({ shape }) => shape[0] === 'batch'))).toBeGreaterThan(
      60,
    );
    expect(count((m) => m.nodes.some(({ outputs }) => outputs.length === 2))).toBeGreaterThan(10);
  });

  it('have inputs that fit', () => {
    for (const { model, inputs } of models)
      for (const each of inputs)
        expect(each.map(({ data }) => data.length)).toEqual(
          model.inputs.map(({ id }) =>
            sizeOf(model.values.get(id)!.shape.map((d) => (d === 'batch' ? 1 : d))),
          ),
        );
  });

  it('take ops of one’s own, and leave out what isn’t wanted', () => {
    const mine = opDraw(relu, (network) => {
      const x = network.float();
      return x && network.add(relu, {}, [x]);
    });
    const { model } = randomModel(1, { ops: ({ name }) => name === 'relu', draws: [mine], nodes: [4, 4] });
    expect(model.nodes.map(({ op }) => op.name)).toEqual(['relu', 'relu', 'relu', 'relu']);
  });
});
