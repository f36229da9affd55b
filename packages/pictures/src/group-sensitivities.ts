import { dot, line, ruleX } from '@observablehq/plot';
import type { Figure } from './figure.js';
import { palette } from './figure.js';
import type { GroupSensitivity } from './report-data.js';

/** What each group's channels mean to a metric: a small plot a group, all on the same scales. */
export function groupSensitivities(points: readonly GroupSensitivity[], metricLabel: string): Figure[] {
  if (points.length === 0) return [];
  const groups = [...new Set(points.map(({ group }) => group))];
  const percent = points
    .map(({ group, ratio, metric }) => ({ group, ratio: 100 * ratio, metric }))
    .sort((a, b) => a.ratio - b.ratio);
  const at = { x: 'ratio', y: 'metric', fy: 'group' } as const;
  return [
    {
      title: 'Sensitivity per group',
      description: 'What is left when a share of one group is gone and all others are whole.',
      options: {
        height: 100 + 84 * groups.length,
        marginLeft: 64,
        marginRight: Math.min(300, 24 + 7 * Math.max(...groups.map((group) => group.length))),
        x: { label: 'channels of the group removed, %' },
        y: { label: metricLabel, ticks: 3, grid: true },
        fy: { label: null, domain: groups, padding: 0.4 },
        marks: [
          ruleX([0]),
          line(percent, { ...at, z: 'group', stroke: palette[0], strokeWidth: 2 }),
          dot(percent, { ...at, fill: palette[0], r: 3 }),
        ],
      },
    },
  ];
}
