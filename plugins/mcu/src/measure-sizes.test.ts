import { expect, test } from 'vitest';
import { functionSizes } from './measure-sizes.js';

test('functions have the size that they tell, or end where the next begins', () => {
  const symbols = `
00008000 00000020 T model_run
00008020 T assembly
00008020 00000000 T alias
0000802c 00000010 t helper
0000803c 00000004 R table
00008040 B arena
`;
  expect(functionSizes(symbols)).toEqual([
    { name: 'model_run', bytes: 32 },
    { name: 'helper', bytes: 16 },
    { name: 'assembly', bytes: 12 },
  ]);
});
