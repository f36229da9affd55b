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

it('rounds no small number to zero', () => {
  const cells = (...rows: number[]) => formatTable({ rows: rows.map((row) => [row]) }).match(/[\d.e-]*\d/g);
  expect(cells(1.1920929e-7, -0.00012345, 0.0567, 0, 0.12345, 1.5)).toEqual([
    '1.19e-7',
    '-0.000123',
    '0.0567',
    '0',
    '0.123',
    '1.5',
  ]);
});
