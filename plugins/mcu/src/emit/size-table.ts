import type { ModelSizes } from '../measure-sizes.js';

type ByteCounts = Omit<ModelSizes, 'functions'> & {
  readonly totalRamBytes: number;
  readonly totalFlashBytes: number;
};

const meanings: { readonly [K in keyof Required<ByteCounts>]: string } = {
  arenaBytes: 'RAM: arena of tensors and scratch',
  scratchBytes: 'RAM: other static data',
  worstStackBytes: 'RAM: stack of an inference, at most',
  totalRamBytes: 'RAM in all',
  weightBytes: 'flash: weights, biases, multipliers',
  flashBytes: 'flash: code and tables, libraries included',
  codeBytes: 'flash: the code in that',
  totalFlashBytes: 'flash in all',
};

/** Sizes as a table in Markdown, those that are known. */
export function formatSizes(known: Partial<ModelSizes>): string {
  const { arenaBytes, scratchBytes, worstStackBytes, flashBytes, weightBytes } = known;
  const sizes: Partial<ByteCounts> = {
    ...known,
    totalRamBytes: sum(arenaBytes, scratchBytes, worstStackBytes),
    totalFlashBytes: sum(flashBytes, weightBytes),
  };
  const rows = Object.entries(meanings).flatMap(([key, meaning]) => {
    const bytes = sizes[key as keyof ByteCounts];
    return bytes === undefined ? [] : [`| ${meaning} | ${bytes} |`];
  });
  return `| | bytes |\n| --- | --- |\n${rows.join('\n')}\n`;
}

/** Nothing where a term isn't known. */
function sum(...terms: readonly (number | undefined)[]): number | undefined {
  return terms.every((term) => term !== undefined) ? terms.reduce((a, b) => a + b) : undefined;
}
