import { expect, test } from 'vitest';
import { ModelBuilder } from '../builder.js';
import { interpret } from '../interpreter.js';
import { batchNorm, conv2d, relu } from '../ops/index.js';
import { createRandom } from '../random.js';
import { float32, sizeOf } from '../tensor.js';
import { verify } from '../verify.js';
import { batchNormFolded, foldBatchNorm } from './fold-batch-norm.js';
import { fuseActivations, separateActivations } from './fuse-activations.js';

const random = createRandom(7).at('test');
const noise = (shape: number[], low = -1) =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => low + random.float() * (1 - low)),
  );
const attributes = {
  strides: [1, 1],
  padding: 'same',
  dilations: [1, 1],
  activation: 'none',
  groups: 1,
} as const;

function convNet(batchNormFirst: boolean) {
  const b = new ModelBuilder('net');
  let x = b.input('x', ['batch', 5, 5, 3]);
  const norm = (id: string, input: string) =>
    b.node(id, batchNorm, { epsilon: 1e-3 }, [
      input,
      b.parameter(`${id}/gamma`, noise([3]), 'scale'),
      b.parameter(`${id}/beta`, noise([3]), 'offset'),
      b.parameter(`${id}/mean`, noise([3]), 'mean'),
      b.parameter(`${id}/variance`, noise([3], 0.1), 'variance'),
    ]);
  if (batchNormFirst) x = norm('bn0', x);
  x = b.node('conv', conv2d, { ...attributes, strides: [1, 1], dilations: [1, 1] }, [
    x,
    b.parameter('conv/weight', noise([3, 3, 3, 3]), 'weight'),
  ]);
  b.output(b.node('relu', relu, {}, [norm('bn', x)]));
  return b.finish();
}

test.each([false, true])('folding keeps what the model computes (batch norm first: %s)', (first) => {
  const model = convNet(first);
  const folded = fuseActivations(foldBatchNorm(model));
  verify(folded);
  expect(batchNormFolded.check?.(model)?.node).toBe(first ? 'bn0' : 'bn');
  expect(batchNormFolded.check?.(folded)).toBeUndefined();
  expect(folded.nodes.map((n) => n.op.name)).toEqual(first ? ['mul', 'add', 'conv2d'] : ['conv2d']);
  const feeds = new Map([['x', noise([2, 5, 5, 3])]]);
  const before = interpret(model, feeds).get('relu');
  const after = interpret(folded, feeds).get('relu');
  before?.data.forEach((value, i) => expect(after?.data[i]).toBeCloseTo(Number(value), 5));
  const separated = separateActivations(folded);
  verify(separated);
  expect(separated.nodes.at(-1)?.op.name).toBe('relu');
  expect(interpret(separated, feeds).get('relu')).toEqual(after);
});

test('nothing to fold gives the same object', () => {
  const folded = foldBatchNorm(convNet(false));
  expect(foldBatchNorm(folded)).toBe(folded);
});
