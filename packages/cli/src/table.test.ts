import { expect, it } from 'vitest';
import { formatTable } from './table.js';

it('sets numbers to the right, in thousands', () => {
  const table = formatTable({
    head: ['stage', 'accuracy', 'MACs'],
    rows: [
      ['dense', '98.5%', 1234567],
      ['int8', '-', 89],
    ],
  });
  expect(table.split('\n')).toEqual([
    '┌───────┬──────────┬───────────┐',
    '│ stage │ accuracy │      MACs │',
    '├───────┼──────────┼───────────┤',
    '│ dense │    98.5% │ 1,234,567 │',
    '│ int8  │        - │        89 │',
    '└───────┴──────────┴───────────┘',
  ]);
});
