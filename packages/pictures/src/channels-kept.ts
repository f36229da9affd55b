import { barX, text } from '@observablehq/plot';
import type { Figure } from './figure.js';
import { palette } from './figure.js';
import type { KeptChannels } from './report-data.js';

/** Channels of each layer or group before and after. */
export function channelsKept(channels: readonly KeptChannels[]): Figure[] {
  if (channels.length === 0) return [];
  const longest = Math.max(...channels.map(({ name }) => name.length));
  return [
    {
      title: 'Channels kept per layer',
      description: 'Outlines: before pruning. Filled: what stays.',
      options: {
        height: 80 + 24 * channels.length,
        marginLeft: Math.min(300, 20 + 7 * longest),
        marginRight: 90,
        x: { label: 'channels', grid: true },
        y: { label: null, domain: channels.map(({ name }) => name) },
        marks: [
          barX(channels, { x: 'before', y: 'name', stroke: 'currentColor', fill: 'none' }),
          barX(channels, { x: 'after', y: 'name', fill: palette[0] }),
          text(channels, {
            x: 'before',
            y: 'name',
            text: ({ before, after }: KeptChannels) => `${after} of ${before}`,
            textAnchor: 'start',
            dx: 6,
          }),
        ],
      },
    },
  ];
}
