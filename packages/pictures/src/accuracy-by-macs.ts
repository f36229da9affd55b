import { dot, line, text } from '@observablehq/plot';
import type { Figure } from './figure.js';
import { palette } from './figure.js';
import type { TradeOff } from './report-data.js';

/** Networks by what they cost and how well they do; those that none beats at less cost are joined. */
export function accuracyByMacs(networks: readonly TradeOff[]): Figure[] {
  if (networks.length === 0) return [];
  const points = networks
    .map(({ name, macs, accuracy }) => ({ name, macs: macs / 1e6, accuracy: 100 * accuracy }))
    .sort((a, b) => a.macs - b.macs || b.accuracy - a.accuracy);
  const isBest = (i: number) => points.slice(0, i).every(({ accuracy }) => accuracy < points[i].accuracy);
  const front = points.filter((_, i) => isBest(i));
  const at = { x: 'macs', y: 'accuracy' } as const;
  return [
    {
      title: 'Accuracy against MACs',
      description: 'Filled and joined: no other network is as accurate at fewer MACs (Pareto front).',
      options: {
        height: 400,
        marginLeft: 56,
        marginRight: 150,
        marginTop: 32,
        x: { label: 'multiply-accumulates, millions', grid: true, nice: true },
        y: { label: 'accuracy, %', grid: true, nice: true },
        marks: [
          line(front, { ...at, stroke: palette[1], curve: 'step-after' }),
          dot(points, { ...at, stroke: palette[0], strokeWidth: 1.5, r: 5 }),
          dot(front, { ...at, fill: palette[0], r: 5 }),
          text(points, { ...at, text: 'name', textAnchor: 'start', dx: 9, dy: -9 }),
        ],
      },
    },
  ];
}
