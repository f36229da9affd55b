import { describe, expect, it } from 'vitest';
import { BatchMixed, readForAnyBatch } from './any-batch.js';
import { WhittleError } from './errors.js';
import { resolveInputShapes } from './input-shapes.js';
import type { InputShapes } from './input-shapes.js';
import { emptyModel } from './patch.js';

const image = { name: 'image', alias: 'x', shape: [undefined, undefined, undefined, 3] };
const vector = { name: 'vector', shape: [undefined, 5] };
const any = { name: 'any', shape: undefined };

describe('shapes of inputs', () => {
  it('are the file’s, with what is told where it leaves extents open', () => {
    expect(resolveInputShapes([vector])).toEqual([['batch', 5]]);
    expect(resolveInputShapes([vector], new Map(), 1)).toEqual([[1, 5]]);
    expect(resolveInputShapes([vector], [2, 5])).toEqual([[2, 5]]);
    const both = new Map([['image', ['batch', 8, 9, 3] as const]]);
    expect(resolveInputShapes([image, vector], both)).toEqual([
      ['batch', 8, 9, 3],
      ['batch', 5],
    ]);
    expect(resolveInputShapes([image], new Map([['x', [1, 8, 9, 3]]]))).toEqual([[1, 8, 9, 3]]);
    expect(resolveInputShapes([any], ['batch', 4], 1)).toEqual([[1, 4]]);
    expect(resolveInputShapes([{ name: 'fixed', shape: [2, 3] }])).toEqual([[2, 3]]);
  });

  it('that are open and not told are listed, all at once, with how to tell them', () => {
    const read = () => resolveInputShapes([image, vector, any]);
    expect(read).toThrow(expect.objectContaining({ code: 'SHAPE_OPEN' }));
    expect(read).toThrow("'image' [?, ?, ?, 3] (axes 1, 2), 'any' (its rank is open too)");
    expect(read).toThrow("`shapes`, or on the command line with --shape 'image=1,N,N,3'");
  });

  it.each<[string, InputShapes, string]>([
    ['another input', new Map([['y', [1, 5]]]), "'y', expected an input: 'vector'"],
    ['another rank', [1, 5, 1], 'told to be [1, 5, 1], expected what fits [?, 5]'],
    ['another extent', [1, 6], 'told to be [1, 6]'],
    ['nothing', [0, 5], 'told to be [0, 5]'],
    ['a part', [1.5, 5], 'told to be [1.5, 5]'],
    ['a batch where there is none', [1, 'batch'], 'told to be [1, batch]'],
  ])('%s that is told is refused', (_, shapes, message) => {
    const read = () => resolveInputShapes([vector], shapes);
    expect(read).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(read).toThrow(message);
  });

  it('need names where there are several', () => {
    expect(() => resolveInputShapes([vector, image], [1, 5])).toThrow("one of 2: 'vector', 'image'");
  });
});

describe('reading for any batch', () => {
  const readWith = (error: Error) =>
    readForAnyBatch((batch) => {
      if (batch === 'batch') throw error;
      return emptyModel(String(batch));
    });

  it('falls back on one example where examples are mixed', () => {
    expect(readWith(new BatchMixed('mixed')).name).toBe('1');
    expect(readWith(new WhittleError('FORMAT_INVALID', 'm', { cause: new Error('why') })).name).toBe('1');
    expect(readForAnyBatch(() => emptyModel('any')).name).toBe('any');
  });

  it('throws what isn’t due to the batch', () => {
    expect(() => readWith(new WhittleError('FORMAT_INVALID', 'damaged'))).toThrow('damaged');
  });
});
