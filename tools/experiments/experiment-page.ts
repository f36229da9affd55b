import type { Experiment, ExperimentRow } from './experiment.js';
import type { Results } from './results.js';

/** An experiment as a page: the paper's figures, ours as means over the seeds, and every run. */
export function experimentPage(
  name: string,
  { title, source, paper, setting }: Experiment,
  { trainExamples, testExamples, rows }: Results,
): string {
  const networks = [...new Set(rows.map(({ network }) => network))];
  const runsOf = (network: string) => rows.filter((row) => row.network === network);
  const table = (head: readonly string[], lines: readonly (readonly string[])[]) =>
    [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return [
    `# ${title}`,
    `${source}. Made by \`npm run experiment -- ${name}\`.`,
    `## In the paper`,
    table(['network', 'figures'], paper),
    `## Here`,
    `${count(trainExamples)} training examples and ${count(testExamples)} test examples; means over the seeds.`,
    table(
      ['network', 'error', 'parameters', 'MACs', 'of the first'],
      networks.map((network) => {
        const runs = runsOf(network);
        const [{ parameters, macs }] = runs;
        return [network, `${mean(runs)}%`, count(parameters), count(macs), `${share(parameters, rows[0])}%`];
      }),
    ),
    `Errors of each seed:`,
    table(
      ['network', ...new Set(rows.map(({ seed }) => `seed ${seed}`))],
      networks.map((network) => [network, ...runsOf(network).map(({ error }) => `${error.toFixed(2)}%`)]),
    ),
    `A seed took ${seconds(rows).join(', ')} seconds.`,
    `## How`,
    setting.map((line) => `- ${line}`).join('\n'),
    '',
  ].join('\n\n');
}

const count = (value: number) => value.toLocaleString('en-US');
const mean = (runs: readonly ExperimentRow[]) =>
  (runs.reduce((sum, { error }) => sum + error, 0) / runs.length).toFixed(2);
const share = (parameters: number, first: ExperimentRow) =>
  ((100 * parameters) / first.parameters).toFixed(1);
const seconds = (rows: readonly ExperimentRow[]) => {
  const longest = new Map<number, number>();
  for (const row of rows) longest.set(row.seed, Math.max(row.seconds, longest.get(row.seed) ?? 0));
  return [...longest.values()].map((value) => `${value}`);
};
