import { dot, line, text } from '@observablehq/plot';
import type { Figure } from './figure.js';
import { dashes, palette } from './figure.js';
import type { PrunedAccuracy } from './report-data.js';

const stages = ['before fine-tuning', 'after fine-tuning'] as const;

/** The cliff: accuracy against the share of channels that is gone. */
export function accuracyByRatio(points: readonly PrunedAccuracy[]): Figure[] {
  if (points.length === 0) return [];
  const marks = stages.flatMap((stage, i) => {
    const own = points.filter((each) => each.stage === stage).sort((a, b) => a.ratio - b.ratio);
    const percent = own.map(({ ratio, accuracy }) => ({ ratio: 100 * ratio, accuracy: 100 * accuracy }));
    const at = { x: 'ratio', y: 'accuracy' } as const;
    return [
      line(percent, { ...at, stroke: palette[i], strokeWidth: 2, strokeDasharray: dashes[i] }),
      dot(percent, { ...at, fill: palette[i], symbol: i === 0 ? 'circle' : 'square', r: 4 }),
      text(percent.slice(-1), { ...at, text: () => stage, textAnchor: 'start', dx: 9 }),
    ];
  });
  return [
    {
      title: 'Accuracy against pruning ratio',
      description: 'Before fine-tuning: circles, whole line. After: squares, dashes.',
      options: {
        height: 360,
        marginLeft: 56,
        marginRight: 140,
        x: { label: 'channels removed, %', grid: true },
        y: { label: 'accuracy, %', grid: true, nice: true },
        marks,
      },
    },
  ];
}
