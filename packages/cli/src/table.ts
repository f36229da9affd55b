import Table from 'cli-table3';

export interface TableOptions {
  readonly head?: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A table of plain text; columns whose cells are all numbers (or a dash) stand to the right. */
export function formatTable({ head = [], rows }: TableOptions): string {
  const columns = Math.max(head.length, ...rows.map((row) => row.length));
  const numeric = (column: number) => rows.every((row) => isNumeric(row[column]));
  const table = new Table({
    head: [...head],
    colAligns: Array.from({ length: columns }, (_, i) => (numeric(i) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => row.map(formatCell)));
  return table.toString();
}

/** Prints a table to standard output. */
export function printTable(options: TableOptions): void {
  process.stdout.write(`${formatTable(options)}\n`);
}

/** Numbers are grouped by thousands: 12,500,992. Small ones keep three digits: 1.19e-7. */
function formatCell(cell: string | number): string {
  if (typeof cell !== 'number') return cell;
  if (cell !== 0 && Math.abs(cell) < 0.1) return String(Number(cell.toPrecision(3)));
  return cell.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

function isNumeric(cell: string | number | undefined): boolean {
  return cell === undefined || typeof cell === 'number' || /^(-|[-+]?[\d.,]+\s*%?)$/.test(cell);
}
