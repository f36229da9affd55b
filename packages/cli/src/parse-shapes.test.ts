import { describe, expect, it } from 'vitest';
import { parseShapes } from './parse-shapes.js';

describe('--shape', () => {
  it('tells shapes by input, or that of the only one', () => {
    expect(parseShapes()).toBeUndefined();
    expect(parseShapes(['1,224, 224,3'])).toEqual([1, 224, 224, 3]);
    expect(parseShapes(['a=b:0=batch,8', 'c=1'])).toEqual(
      new Map([
        ['a=b:0', ['batch', 8]],
        ['c', [1]],
      ]),
    );
  });

  it.each([
    [['x=']],
    [['x=1,0']],
    [['x=1,-1']],
    [['x=1,batch']],
    [['x=1.5']],
    [['x']],
    [['=1,2']],
    [['1,2', 'x=1']],
    [['x=1', 'x=2']],
  ])('%j is refused', (options) => {
    expect(() => parseShapes(options)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
  });
});
