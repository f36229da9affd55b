/** What the quickstart's report.json has of one seed. */
export interface SeedReport {
  readonly seed: number;
  readonly stages: readonly {
    readonly stage: string;
    readonly accuracy: number;
    readonly macs: number;
    readonly bytes: number;
  }[];
  readonly scores: readonly {
    readonly runtime: string;
    readonly exact: boolean;
    readonly agreement: number;
  }[];
}

const LINE = 120;
const exactRuntimes = ['tflm', 'int8', 'cortex-m4'];

/**
 * The quickstart over several seeds, in a paragraph: what depends on training, not on the kernels of the day. Throws where a runtime that is to be exact isn't, or is missing.
 */
export function describeSpread(reports: readonly SeedReport[]): string {
  const seeds = reports.map(({ seed }) => seed).sort((a, b) => a - b);
  const stage = (report: SeedReport, name: string) => {
    const found = report.stages.find((each) => each.stage.startsWith(name));
    if (!found) throw new Error(`seed ${report.seed} has no stage ${name}`);
    return found;
  };
  const score = (report: SeedReport, name: string) => {
    const found = report.scores.find(({ runtime }) => runtime === name);
    if (!found) throw new Error(`seed ${report.seed} was not run on ${name}`);
    return found;
  };
  for (const report of reports)
    for (const name of exactRuntimes)
      if (!score(report, name).exact) throw new Error(`seed ${report.seed} differs on ${name}`);
  const range = (of: (report: SeedReport) => number, text: (value: number) => string) => {
    const values = reports.map(of);
    return `${text(Math.min(...values))} to ${text(Math.max(...values))}`;
  };
  const share = (digits: number) => (value: number) => `${(100 * value).toFixed(digits)}%`;
  const whole = (value: number) => value.toLocaleString('en-US');
  const accuracy = (name: string) => range((report) => stage(report, name).accuracy, share(2));
  const lost = range(
    (report) => 100 * (stage(report, 'dense').accuracy - stage(report, 'int8').accuracy),
    (points) => points.toFixed(2),
  );
  const macs = range((report) => stage(report, 'int8').macs / stage(report, 'dense').macs, share(1));
  const bytes = range((report) => stage(report, 'int8').bytes, whole);
  const agreement = range((report) => score(report, 'litert').agreement, share(2));
  return wrapped(
    `Over the seeds ${seeds[0]} to ${seeds[seeds.length - 1]}: dense accuracy ${accuracy('dense')}, int8 ${accuracy('int8')} (${lost} points lost), ${macs} of the MACs, \`digits.tflite\` of ${bytes} bytes; TFLite Micro, the integer evaluation and the Cortex-M4 identical on every digit in each, LiteRT the same top-1 on ${agreement}. The same seed prints the same table on the same machine; other processors give other weights, and accuracies within about half a point.`,
  );
}

/** The README with the paragraph in its place. */
export function replaceSpread(readme: string, paragraph: string): string {
  const place = /(<!-- spread -->\n\n).*?(\n\n<!-- \/spread -->)/s;
  if (!place.test(readme)) throw new Error('the README has no place for the spread');
  return readme.replace(place, (_, before: string, after: string) => `${before}${paragraph}${after}`);
}

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + word.length < LINE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
