/** One pruned network. */
export interface CriterionRow {
  readonly criterion: string;
  readonly spread: 'uniform' | 'global';
  /** Of the MACs, what was to be left. */
  readonly share: number;
  readonly seed: number;
  readonly macs: number;
  readonly parameters: number;
  /** Of the test examples, 0 to 1: right after pruning (and fitting), and after fine-tuning. */
  readonly pruned: number;
  readonly tuned: number;
  /** Wall clock: ranking; removal and fitting; fine-tuning. They depend on the machine. */
  readonly seconds: { readonly rank: number; readonly prune: number; readonly tune: number };
}

export interface CriterionResults {
  readonly setting: readonly string[];
  readonly dense: { readonly accuracy: number; readonly macs: number; readonly parameters: number };
  readonly rows: readonly CriterionRow[];
}

const table = (head: readonly string[], lines: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const percent = (value: number) => (100 * value).toFixed(2);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Mean over the seeds, with the smallest and largest where they differ. */
function spreadOf(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? percent(low) : `${percent(mean(values))} (${percent(low)} to ${percent(high)})`;
}

/** The page of the comparison: what is left of the accuracy before and after fine-tuning, and what ranking takes. */
export function resultsPage({ setting, dense, rows }: CriterionResults): string {
  const shares = [...new Set(rows.map(({ share }) => share))];
  const accuracies = (spread: CriterionRow['spread'], pick: 'pruned' | 'tuned') => {
    const own = rows.filter((row) => row.spread === spread);
    return table(
      ['criterion', ...shares.map((share) => `${Math.round(100 * share)}% of the MACs`)],
      [...new Set(own.map(({ criterion }) => criterion))].map((criterion) => [
        criterion,
        ...shares.map((share) =>
          spreadOf(
            own.filter((row) => row.criterion === criterion && row.share === share).map((row) => row[pick]),
          ),
        ),
      ]),
    );
  };
  const names = [...new Set(rows.map(({ criterion }) => criterion))];
  const time = (criterion: string, pick: keyof CriterionRow['seconds']) =>
    mean(rows.filter((row) => row.criterion === criterion).map(({ seconds }) => seconds[pick])).toFixed(2);
  return [
    '# Criteria of channel pruning, compared on one network',
    'Made by `npx tsx --conditions=@whittle/source tools/experiments/pruning-criteria/index.ts --data FOLDER`.',
    setting.map((line) => `- ${line}`).join('\n'),
    `The dense network is right on ${percent(dense.accuracy)}% of the test images, with ${dense.macs.toLocaleString('en-US')} MACs and ${dense.parameters.toLocaleString('en-US')} parameters. Accuracies below are in percent: the mean over the seeds, and the smallest and largest.`,
    '## The same share of each group',
    'After pruning, without fine-tuning:',
    accuracies('uniform', 'pruned'),
    'After fine-tuning:',
    accuracies('uniform', 'tuned'),
    '## One threshold over all groups',
    'After pruning, without fine-tuning:',
    accuracies('global', 'pruned'),
    'After fine-tuning:',
    accuracies('global', 'tuned'),
    '## Seconds',
    table(
      ['criterion', 'to rank', 'to remove and fit', 'to fine-tune'],
      names.map((name) => [name, time(name, 'rank'), time(name, 'prune'), time(name, 'tune')]),
    ),
    '',
  ].join('\n\n');
}
