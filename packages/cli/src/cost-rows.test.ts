import { describe, expect, it } from 'vitest';
import { costRows, totalsOf } from './cost-rows.js';

const cost = {
  instructions: 1000,
  arenaBytes: 300,
  scratchBytes: 8,
  stackBytes: 40,
  worstStackBytes: 52,
  flashBytes: 2000,
  codeBytes: 1900,
  weightBytes: 700,
};

describe('a cost', () => {
  it('is summed up as the limits of an export count it', () => {
    expect(totalsOf(cost)).toEqual({ totalRamBytes: 360, totalFlashBytes: 2700 });
    expect(totalsOf({ ...cost, worstStackBytes: undefined })).toEqual({ totalFlashBytes: 2700 });
    expect(totalsOf({ arenaBytes: 1, weightBytes: 2 })).toEqual({});
  });

  it('is told in rows, sums below their parts', () => {
    expect(costRows(cost)).toEqual([
      ['instructions per inference', 1000],
      ['RAM: arena of tensors and scratch', 300],
      ['RAM: other static data', 8],
      ['RAM: stack, measured', 40],
      ['RAM: stack, at most', 52],
      ['RAM in all, bytes', 360],
      ['flash: weights, biases, multipliers', 700],
      ['flash: code and tables', 2000],
      ['flash in all, bytes', 2700],
    ]);
  });

  it('has no stack where none was measured', () => {
    const titles = costRows({ ...cost, stackBytes: 0, worstStackBytes: undefined }).map(([title]) => title);
    expect(titles.filter((title) => /stack|in all/.test(title))).toEqual(['flash in all, bytes']);
  });
});
