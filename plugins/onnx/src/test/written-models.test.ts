import { expect, it } from 'vitest';
import { readOnnxModel } from '../index.js';
import { chain } from './written-model.fixture.js';

it('inputs and outputs keep the names that callers use, whatever becomes of their nodes', async () => {
  const bytes = chain(
    ['image:0', [1, 3, 4, 6]],
    [
      ['Relu', 'hidden'],
      ['Identity', 'scores:0'],
    ],
  );
  const { inputs, outputs, nodes } = await readOnnxModel(bytes);
  expect(nodes.map(({ op }) => op.name)).toEqual(['relu']);
  const names = [...inputs, ...outputs].map(({ id, name = id }) => name);
  expect(names).toEqual(['image:0', 'scores:0']);
});

it('what can’t be read whatever the shapes comes before shapes that are to be told', async () => {
  const open = ['x', [undefined, 3, undefined, undefined]] as const;
  await expect(readOnnxModel(chain(open, [['Relu', 'y']]))).rejects.toMatchObject({ code: 'SHAPE_OPEN' });
  await expect(
    readOnnxModel(
      chain(open, [
        ['Relu', 'y'],
        ['Mystery', 'z'],
      ]),
    ),
  ).rejects.toMatchObject({
    code: 'OP_UNSUPPORTED',
    message: expect.stringMatching(
      /^ONNX: 1 node can't be read: [^]*Mystery[^]*\nBeside that, [^]*'x'/,
    ) as string,
    problems: [{ code: 'OP_UNSUPPORTED' }, { code: 'SHAPE_OPEN' }],
  });
});
