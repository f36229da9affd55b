import { expect, it } from 'vitest';
import { join, number, part } from '../test/written-model.fixture.js';
import { decodeModel } from './messages.js';

const ir = number(1, 8);

/** A model whose graph has nodes 'Relu' and 'Gemm'. */
const graph = join(part(1, part(4, 'Relu')), part(1, part(4, 'Gemm')));
const model = join(ir, part(7, graph));

function messageOf(bytes: Uint8Array): string {
  try {
    decodeModel(bytes);
  } catch (error) {
    expect(error).toMatchObject({ code: 'FORMAT_INVALID' });
    return (error as Error).message;
  }
  throw new Error('expected a file that is refused');
}

it('reads a file that is whole', () => {
  expect(decodeModel(model).graph?.node?.map(({ opType }) => opType)).toEqual(['Relu', 'Gemm']);
});

it('says where a file is cut off', () => {
  expect(messageOf(model.subarray(0, -3))).toBe(
    `ONNX: file: model.graph, at byte 4 of ${model.length - 3}: ${graph.length} bytes, where ${graph.length - 3} are left; the file is cut off or damaged`,
  );
});

it('says which field of which node is damaged', () => {
  const damaged = model.slice();
  damaged[damaged.length - 5] = 99;
  expect(messageOf(damaged)).toContain(
    `model.graph.node[1].opType, at byte ${model.length - 4} of ${model.length}: 99 bytes, where 4 are left`,
  );
  const wrongType = join(ir, part(7, part(1, number(4, 1))));
  expect(messageOf(wrongType)).toMatch(
    /model\.graph\.node\[0\]\.opType, at byte \d+ of \d+: wire type 0, expected 2/,
  );
});
