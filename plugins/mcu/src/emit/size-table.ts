import type { ModelSizes } from '../measure-sizes.js';

type ByteCounts = Omit<ModelSizes, 'functions'>;

const meanings: { readonly [K in keyof Required<ByteCounts>]: string } = {
  arenaBytes: 'RAM: arena of tensors and scratch',
  scratchBytes: 'RAM: other static data',
  worstStackBytes: 'RAM: stack of an inference, at most',
  weightBytes: 'flash: weights, biases, multipliers',
  flashBytes: 'flash: code and tables, libraries included',
  codeBytes: 'flash: the code in that',
};

/** Sizes as a table in Markdown, those that are known. */
export function formatSizes(sizes: Partial<ByteCounts>): string {
  const rows = Object.entries(meanings).flatMap(([key, meaning]) => {
    const bytes = sizes[key as keyof ByteCounts];
    return bytes === undefined ? [] : [`| ${meaning} | ${bytes} |`];
  });
  return `| | bytes |\n| --- | --- |\n${rows.join('\n')}\n`;
}
